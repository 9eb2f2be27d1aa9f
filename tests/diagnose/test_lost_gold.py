"""Relevant documents between the index and the prompt: the first stage that lost them is named, and no other."""

import pytest

from traceeval.model import Component, Reference
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


def found(*spans, documents=None, answer=("seven working days",)):
    reference = Reference(documents=documents or {"gold": 1}, answer=answer)
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
