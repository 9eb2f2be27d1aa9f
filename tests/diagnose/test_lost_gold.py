"""Relevant documents between the index and the prompt: the first stage that lost them is named, and no other."""

import msgspec
import pytest

from traceeval.diagnose._masked import component_state
from traceeval.model import Component, Reference, SpannedJudgement
from traceeval.risk import load_policy
from traceeval.run import Setup, examine
from traceeval.testing import model, rerank, retrieval, trace

STAGES = {Component.RETRIEVER, Component.RERANKER, Component.ASSEMBLER}
KIT = Setup(policy=load_policy()).load()
GOLD = ("gold", "Refunds reach the customer within seven working days after the parcel has come back to Oslo.")
ABOUT = "is about something else that nobody asked for, such as opening times."
POOL = tuple((f"n{n}", f"Notice number {n} {ABOUT}") for n in range(6))
OTHERS, TOP = POOL[:5], POOL[:3]


def prompt(*chunks):
    return model("x", prompt=[("system", "\n".join(text for _, text in chunks)), ("user", "How long?")])


def found(*spans, documents=None, answer=("seven working days",), **gold):
    reference = Reference(documents=documents or {"gold": 1}, answer=answer, **gold)
    dossier = examine(trace(*spans, reference=reference), KIT).dossier
    return {f.code: f for f in dossier.findings if f.component in STAGES}


def test_a_document_outside_the_pool_is_the_retrievers():
    (finding,) = found(retrieval(*POOL), rerank(POOL, TOP), prompt(*TOP)).values()
    assert (finding.code, finding.severity, finding.component.value) == ("retriever.missed_gold", 3, "retriever")
    assert finding.evidence[0].span == "s1"
    assert "gold" in finding.text


def test_a_document_the_reranker_left_out_is_the_rerankers():
    pool = (GOLD, *OTHERS)
    (finding,) = found(retrieval(*pool), rerank(pool, TOP), prompt(*TOP)).values()
    assert finding.code == "reranker.dropped_gold"
    assert "gold (dropped)" in finding.text
    assert finding.subject.span == "s2"


def test_a_document_pushed_below_what_the_prompt_holds_is_the_rerankers():
    pool = (GOLD, *OTHERS)
    (finding,) = found(retrieval(*pool), rerank(pool, (*OTHERS, GOLD)), prompt(*TOP)).values()
    assert finding.code == "reranker.dropped_gold"
    assert "place 6" in finding.text


def test_without_a_reranker_a_low_place_is_the_retrievers():
    pool = (*OTHERS, GOLD)
    (finding,) = found(retrieval(*pool), prompt(*TOP)).values()
    assert finding.code == "retriever.ranked_low"


def test_a_well_ranked_document_that_is_not_in_the_prompt_is_the_assemblers():
    pool = (*OTHERS, GOLD)
    (finding,) = found(retrieval(*pool), rerank(pool, (GOLD, *TOP)), prompt(*TOP)).values()
    assert finding.code == "assembler.dropped_gold"
    assert "gold (left out)" in finding.text


def test_a_document_cut_before_its_fact_is_the_assemblers():
    cut = ("gold", GOLD[1][:36])
    (finding,) = found(retrieval(GOLD, *TOP), rerank((GOLD, *TOP), (GOLD, *TOP)), prompt(cut, *TOP)).values()
    assert finding.code == "assembler.dropped_gold"
    assert "gold (cut)" in finding.text


def test_a_document_cut_behind_its_fact_is_not_lost():
    cut = ("gold", GOLD[1][:70])
    assert not found(retrieval(GOLD, *TOP), rerank((GOLD, *TOP), (GOLD, *TOP)), prompt(cut, *TOP))


def test_without_gold_facts_a_document_is_lost_when_most_of_it_is():
    stages = (retrieval(GOLD, *TOP), rerank((GOLD, *TOP), (GOLD, *TOP)))
    assert found(*stages, prompt(("gold", GOLD[1][:36]), *TOP), answer=None)
    assert not found(*stages, prompt(("gold", GOLD[1][:60]), *TOP), answer=None)


def test_a_fact_in_the_second_chunk_of_the_document_is_followed_too():
    first, second = (
        ("gold", "Refunds are described on this page, which the customer may read at any time of day."),
        GOLD,
    )
    whole = (retrieval(first, second, *TOP), prompt(first, second, *TOP))
    cut = (retrieval(first, second, *TOP), prompt(first, ("gold", GOLD[1][:36]), *TOP))
    assert not found(*whole)
    assert list(found(*cut)) == ["assembler.dropped_gold"]


def test_a_prompt_that_was_not_recorded_is_nobodys_fault():
    pool = (*OTHERS, GOLD)
    assert not found(retrieval(*pool), rerank(pool, (GOLD, *TOP)), model("x"))


def test_losing_half_of_the_relevant_documents_is_no_finding_and_losing_more_is():
    relevant = {"gold": 1, "n0": 1}
    assert not found(retrieval(GOLD, *POOL[1:4]), prompt(GOLD, *POOL[1:4]), documents=relevant)
    relevant |= {"n5": 1}
    assert list(found(retrieval(GOLD, *POOL[1:4]), prompt(GOLD, *POOL[1:4]), documents=relevant)) == [
        "retriever.missed_gold"
    ]


@pytest.mark.parametrize("documents", [None, {"gold": 0}])
def test_without_relevant_documents_nothing_can_be_lost(documents):
    sample = trace(retrieval(*POOL), rerank(POOL, TOP), prompt(*TOP), reference=Reference(documents=documents))
    assert not [f for f in examine(sample, KIT).dossier.findings if f.component in STAGES]


def test_reranked_documents_that_no_search_found_are_a_remark():
    finding = found(retrieval(*TOP), rerank(TOP, (*TOP, GOLD)), prompt(GOLD, *TOP))["reranker.not_in_pool"]
    assert (finding.severity, finding.subject.span) == (1, "s2")


def test_a_document_the_merging_lost_is_the_fusions():
    searches = (retrieval(GOLD, *TOP, id="bm25"), retrieval(*POOL[3:], id="dense"))
    (finding,) = found(*searches, retrieval(*TOP, id="f", reads=("bm25", "dense")), prompt(*TOP)).values()
    assert (finding.code, finding.subject.span, finding.severity) == ("retriever.fused_out", "f", 3)
    assert [(one.span, one.quote) for one in finding.evidence] == [("bm25", "gold")]


def test_a_document_cut_before_the_reranker_saw_it_is_not_the_rerankers():
    finding = found(retrieval(*POOL, GOLD), rerank(POOL, TOP), prompt(*TOP))
    assert list(finding) == ["retriever.fused_out"]


def test_a_document_the_filter_kept_out_is_the_filters():
    (finding,) = found(retrieval(*TOP, unfiltered=(GOLD, *TOP), id="s"), prompt(*TOP)).values()
    assert (finding.code, finding.subject.span) == ("retriever.filtered_out", "s")
    assert [(one.field, one.quote) for one in finding.evidence] == [("unfiltered", "gold")]


def test_a_document_another_query_finds_is_the_querys():
    asked = retrieval(GOLD, *TOP, query="How long do refunds take?", source="kb", id="probe")
    used = retrieval(*TOP, query="refund policy", source="kb", id="used")
    (finding,) = found(asked, used, rerank(TOP, TOP, reads=("used",)), prompt(*TOP)).values()
    assert (finding.code, finding.subject.span) == ("retriever.query_missed", "used")
    assert [(one.span, one.field, one.quote) for one in finding.evidence] == [
        ("used", "query", "refund policy"),
        ("probe", "hits", "gold"),
    ]


def test_a_document_in_no_index_is_no_failure_of_the_retriever():
    sample = (retrieval(*POOL), rerank(POOL, TOP), prompt(*TOP))
    (finding,) = found(*sample, absent=("gold",)).values()
    assert (finding.code, finding.severity) == ("retriever.not_in_corpus", 1)
    gold = Reference(documents={"gold": 1}, absent=("gold",), answer=("seven working days",))
    examined = examine(trace(*sample, reference=gold), KIT).dossier
    assert not [share for share in examined.blame if share.component is Component.RETRIEVER]
    assert component_state(examined, Component.RETRIEVER) != "failed"


def test_what_is_in_no_index_does_not_excuse_what_is():
    findings = found(retrieval(*TOP), prompt(*TOP), documents={"gold": 1, "n5": 1}, absent=("n5",))
    assert set(findings) == {"retriever.missed_gold", "retriever.not_in_corpus"}
    text = "1 of 1 relevant documents were not retrieved: gold (1 more are in no index: not the retriever's)"
    assert findings["retriever.missed_gold"].text == text
    assert "retriever.missed_gold" not in found(
        retrieval(GOLD, *TOP), prompt(GOLD, *TOP), documents={"gold": 1, "n4": 1, "n5": 1}, absent=("n4", "n5")
    )


def test_one_finding_tells_where_each_document_was_lost_and_is_named_by_the_most():
    relevant = {"gold": 1, "n3": 1, "n4": 1, "n5": 1, "elsewhere": 1}
    searches = (retrieval(POOL[3], POOL[4], *TOP, id="bm25"), retrieval(*TOP, unfiltered=(POOL[5], *TOP), id="dense"))
    (finding,) = found(
        *searches, retrieval(*TOP, id="f", reads=("bm25", "dense")), prompt(*TOP), documents=relevant
    ).values()
    assert finding.code == "retriever.fused_out"
    assert finding.text == (
        "5 of 5 relevant documents were not retrieved: no search found: elsewhere, gold; kept out by a filter: n5; "
        "lost when lists were merged or cut: n3, n4"
    )


def test_the_part_that_lost_the_most_names_the_finding_though_a_later_one_lost_too():
    relevant = {"elsewhere": 1, "nowhere": 1, "n3": 1}
    searches = (retrieval(POOL[3], *TOP, id="bm25"), retrieval(*TOP, id="dense"))
    merged = retrieval(*TOP, id="f", reads=("bm25", "dense"))
    assert list(found(*searches, merged, prompt(*TOP), documents=relevant)) == ["retriever.missed_gold"]


def test_what_no_search_of_an_agent_found_is_told_for_each_of_them():
    hops = (retrieval(*POOL[:2], query="who", id="s1"), retrieval(*POOL[2:4], query="when", id="s2"))
    (finding,) = found(*hops, prompt(*POOL[:4])).values()
    assert (finding.code, finding.subject.span) == ("retriever.missed_gold", None)
    assert [(one.span, one.quote) for one in finding.evidence] == [("s1", "n0, n1"), ("s2", "n2, n3")]


def test_a_judged_part_of_a_document_is_followed_by_its_characters():
    def chunk(start, end, text):
        span = retrieval(("kb", text))
        hit = msgspec.structs.replace(span.body.hits[0], offsets=(start, end))
        return msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, hits=(hit,)))

    gold = (SpannedJudgement(document="kb", start=0, end=90, grade=1),)
    hit, miss = chunk(0, 97, GOLD[1]), chunk(200, 260, POOL[0][1])
    assert not found(hit, prompt(GOLD), documents={"other": 0}, spanned=gold)
    assert list(found(miss, prompt(POOL[0]), documents={"other": 0}, spanned=gold)) == ["retriever.missed_gold"]
    assert list(found(hit, prompt(POOL[0]), documents={"other": 0}, spanned=gold)) == ["assembler.dropped_gold"]
