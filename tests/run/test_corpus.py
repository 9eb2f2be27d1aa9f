"""What is in no index, said by a list of the corpus; and the parts of the retrieval loss over a whole run."""

import msgspec
import pytest

import traceeval
from traceeval.model import Reference, SpannedJudgement
from traceeval.run import Corpus
from traceeval.testing import model, rerank, retrieval, trace

LISTED = ("doc-a", "doc-b", "doc-x")


def told(*spans, corpus=LISTED, **gold):
    sample, gap = Corpus(corpus).told(trace(*spans, reference=Reference(**gold)))
    return sample.reference.absent, gap


def test_judged_documents_that_are_not_listed_are_in_no_index():
    assert told(retrieval("doc-a"), documents={"doc-a": 1, "doc-z": 1}) == (("doc-z",), None)
    assert told(retrieval("doc-a"), documents={"doc-a": 1}) == ((), None)
    spanned = (SpannedJudgement(document="doc-y", start=0, end=5, grade=1),)
    assert told(documents={"doc-z": 1}, spanned=spanned, absent=("doc-q",))[0] == ("doc-q", "doc-y", "doc-z")


@pytest.mark.parametrize(
    "span",
    [retrieval("doc-s"), retrieval("doc-a", unfiltered=("doc-a", "doc-s")), rerank(["doc-a", "doc-s"], ["doc-a"])],
    ids=["found", "before a filter", "reranked"],
)
def test_a_list_that_lacks_what_was_retrieved_says_nothing(span):
    absent, gap = told(span, documents={"doc-z": 1})
    assert absent is None
    assert (gap.code, gap.level) == ("corpus.incomplete", "warn")
    assert "'doc-s'" in gap.text


def test_without_judged_documents_there_is_nothing_to_say():
    assert told(retrieval("doc-s"), answer=("x",)) == (None, None)


def sample(number, *, spans=(), documents=None):
    used = spans or (retrieval("doc-a", "doc-x"),)
    sent = model("x", prompt=[("system", "[doc-a]")])
    return trace(*used, sent, id=f"t{number}", reference=Reference(documents=documents or {"doc-a": 1, "doc-z": 1}))


def test_a_run_with_a_corpus_charges_it_and_not_the_retriever():
    plain = traceeval.evaluate([sample(1)]).summary()
    known = traceeval.evaluate([sample(1)], corpus=LISTED).summary()
    assert (plain.waterfall.parts, plain.waterfall.retrieval) == ({}, known.waterfall.retrieval)
    assert known.waterfall.parts == {"corpus": known.waterfall.retrieval, "recall": 0.0}
    assert {row.code for row in known.findings if row.component == "retriever"} == {"retriever.not_in_corpus"}
    stale = traceeval.evaluate([sample(1)], corpus=["doc-a", "doc-z"]).summary()
    assert stale.diagnostics == {"corpus.incomplete": 1}


def named(span, source):
    return msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, source=source))


def hybrid(number):
    sides = (retrieval("doc-a", "doc-x", id="one"), retrieval("doc-b", "doc-x", id="two"))
    searches = [named(span, source) for span, source in zip(sides, ("bm25", "dense"), strict=True)]
    merged = retrieval("doc-x", "doc-a", id="f", reads=("one", "two"))
    return sample(number, spans=(*searches, merged), documents={"doc-a": 2, "doc-b": 1, "doc-c": 1})


@pytest.mark.parametrize("engine", ["serial", "pool"])
def test_the_parts_of_a_run_add_up_over_all_kinds_of_traces(engine):
    traces = [hybrid(n) if n % 3 else sample(n) for n in range(230)]
    fall = traceeval.evaluate(traces, engine=engine, workers=2).summary().waterfall
    assert (fall.n, set(fall.parts), set(fall.searches)) == (230, {"recall", "fusion"}, {"bm25", "dense", "search"})
    assert abs(sum(fall.parts.values()) - fall.retrieval) < 1e-12
    assert abs(sum(fall.searches.values()) - fall.parts["recall"]) < 1e-12


def test_traces_that_name_thousands_of_retrievers_fill_no_memory():
    def one(n):
        spans = (named(retrieval("doc-a"), f"kb-{n}"), named(retrieval("doc-b"), f"web-{n}"))
        return sample(n, spans=spans, documents={"doc-a": 1, "doc-c": 1})

    fall = traceeval.evaluate([one(n) for n in range(40)]).summary().waterfall
    assert len(fall.searches) == 13
    assert "other retrievers" in fall.searches
    assert abs(sum(fall.searches.values()) - fall.retrieval) < 1e-12


def test_gold_of_parts_in_another_namespace_is_a_mismatch():
    gold = Reference(spanned=(SpannedJudgement(document="https://wiki.example/a", start=0, end=9, grade=1),))
    run = traceeval.evaluate([trace(retrieval("doc-a"), id=f"t{n}", reference=gold) for n in range(3)])
    assert set(run.scores[run.scores.scorer == "retriever.recall"].status) == {"failed"}
    assert not list(run.findings)
