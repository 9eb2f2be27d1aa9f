"""Spanned judgements: a hit with offsets earns them by overlap, one without by its document, and scores say so."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.graph import TraceGraph, build_views
from traceeval.graph._judgements import Judgements
from traceeval.model import Hit, Reference, SpannedJudgement
from traceeval.registry import Registry, Scorer
from traceeval.testing import model, retrieval, trace

SCORERS = Registry("traceeval.scorers", Scorer)
TEXT = "Refunds are paid within seven working days after the parcel has come back to the warehouse in Oslo."
GOLD = Reference(
    documents={"kb-1": 1},
    spanned=(
        SpannedJudgement(document="kb-9", start=100, end=200, grade=2),
        SpannedJudgement(document="kb-9", start=200, end=300, grade=1),
    ),
)


def chunk(doc, start=None, end=None, *, text=None, rank=1):
    return Hit(doc=doc, rank=rank, offsets=None if start is None else (start, end), text=text)


def found(*hits, gold=GOLD, prompt=None):
    span = retrieval()
    ranked = tuple(msgspec.structs.replace(hit, rank=rank) for rank, hit in enumerate(hits, 1))
    span = msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, hits=ranked))
    spans = (span,) if prompt is None else (span, model("x", prompt=[("system", prompt)]))
    return build_views(TraceGraph(trace(*spans, reference=gold)))


def read(name, *hits, gold=GOLD):
    scorer, options = SCORERS.configured(name)
    views = found(*hits, gold=gold)
    return scorer.call(views.stages if scorer.sees.__name__ == "StagesView" else views.retrieval, **options)


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        (0, 100, ()),
        (0, 101, ("kb-9[100:200]",)),
        (199, 200, ("kb-9[100:200]",)),
        (200, 260, ("kb-9[200:300]",)),
        (150, 250, ("kb-9[100:200]", "kb-9[200:300]")),
        (300, 400, ()),
    ],
)
def test_intervals_that_overlap_match_and_ends_are_exclusive(start, end, names):
    assert Judgements(GOLD).names(chunk("kb-9", start, end)) == (names or (f"kb-9[{start}:{end}]",))


@given(*[st.integers(0, 60)] * 4)
def test_a_match_is_a_character_in_common(a, b, c, d):
    (start, end), (low, high) = sorted((a, b)), sorted((c, d))
    if start == end or low == high:
        return
    gold = Reference(spanned=(SpannedJudgement(document="d", start=start, end=end, grade=1),))
    matched = Judgements(gold).names(chunk("d", low, high)) == (f"d[{start}:{end}]",)
    assert matched == bool(set(range(start, end)) & set(range(low, high)))


def test_a_span_is_found_once_and_what_misses_it_is_not_relevant():
    assert read("retriever.recall(k=10)", chunk("kb-9", 0, 90), chunk("kb-9", 120, 180)).value == pytest.approx(1 / 3)
    assert read("retriever.rr", chunk("kb-9", 0, 90), chunk("kb-9", 120, 180)).value == 0.5
    twice = (chunk("kb-9", 100, 150), chunk("kb-9", 150, 200))
    assert read("retriever.recall", *twice).value == pytest.approx(1 / 3)
    assert read("retriever.purity", *twice).value == 0.5


def test_a_hit_over_two_judgements_earns_both():
    assert read("retriever.recall(k=1)", chunk("kb-9", 150, 250)).value == pytest.approx(2 / 3)
    assert read("retriever.ndcg", chunk("kb-9", 150, 250), chunk("kb-1")).value == pytest.approx(1)
    assert read("retriever.loss", chunk("kb-9", 150, 250), chunk("kb-1")).value == pytest.approx(0)


def test_without_offsets_the_document_decides_and_why_says_so():
    reading = read("retriever.recall", chunk("kb-9"), chunk("kb-1"))
    assert reading.value == 1
    assert reading.why == "by_document: 1 hits without offsets matched on document id"
    assert "by_document" in read("retriever.loss", chunk("kb-9")).why
    assert not read("retriever.recall", chunk("kb-9", 100, 120), chunk("kb-1")).why


def test_a_document_may_be_irrelevant_but_for_a_part_of_it():
    gold = Reference(documents={"kb-9": 0}, spanned=(SpannedJudgement(document="kb-9", start=100, end=200, grade=1),))
    assert read("retriever.judged", chunk("kb-9", 0, 90), gold=gold).value == 1
    assert read("retriever.recall", chunk("kb-9", 0, 90), gold=gold).value == 0
    assert read("retriever.recall", chunk("kb-9", 0, 110), gold=gold).value == 1


def test_of_two_grades_of_the_same_characters_the_higher_counts():
    low, high = (SpannedJudgement(document="d", start=0, end=5, grade=grade) for grade in (1, 3))
    assert (
        Judgements(Reference(spanned=(high, low))).qrels
        == Judgements(Reference(spanned=(low, high))).qrels
        == {"d[0:5]": 3}
    )


def test_a_span_must_hold_characters():
    with pytest.raises(ValueError, match=r"kb-9\[5:5\]"):
        SpannedJudgement(document="kb-9", start=5, end=5, grade=1)


def test_a_chunk_that_was_cut_before_the_judged_characters_does_not_bring_them_into_the_prompt():
    gold = Reference(spanned=(SpannedJudgement(document="kb-9", start=60, end=90, grade=1),))
    whole = found(chunk("kb-9", 0, len(TEXT), text=TEXT), gold=gold, prompt=TEXT).stages
    cut = found(chunk("kb-9", 0, len(TEXT), text=TEXT), gold=gold, prompt=f"Context: {TEXT[:50]}").stages
    assert whole.packed == ("kb-9[60:90]",)
    assert (cut.packed, cut.pool) == ((f"kb-9[0:{len(TEXT[:50].rstrip())}]",), ("kb-9[60:90]",))


def test_words_of_the_prompt_are_counted_by_the_part_they_hold():
    gold = Reference(spanned=(SpannedJudgement(document="kb-9", start=0, end=50, grade=0),))
    other = chunk("kb-9", 500, 560, text="Express delivery costs 12 euros.")
    views = found(chunk("kb-9", 0, len(TEXT), text=TEXT), other, gold=gold, prompt=f"{TEXT}\n{other.text}")
    words = len(TEXT.split())
    assert SCORERS.get("assembler.noise").call(views.stages).value == pytest.approx(words / (words + 5))


def test_without_spans_a_list_is_its_documents():
    listing = Judgements(Reference(documents={"a": 1})).listing([chunk("a", 0, 5), chunk("a", 5, 9), chunk("b")])
    assert (listing.names, listing.places) == (("a", "a", "b"), None)
