"""The waterfall's scores, lift and headroom: the vector of metrics.md section 3 through real views."""

import pytest

from traceeval.graph import TraceGraph, build_views
from traceeval.model import Reference
from traceeval.registry import Registry, Scorer
from traceeval.testing import model, rerank, retrieval, trace

SCORERS = Registry("traceeval.scorers", Scorer)
GOLD = Reference(documents={"doc-a": 3, "doc-b": 2, "doc-c": 1, "doc-d": 0})
POOL, RANKED, SENT = ("doc-b", "doc-c", "doc-x", "doc-y"), ("doc-x", "doc-b", "doc-c"), ("doc-x", "doc-b")


def sent(*docs):
    return model("x", prompt=[("system", "\n".join(f"[{doc}] text" for doc in docs))])


def read(name, *spans, gold=GOLD, k=3):
    scorer = SCORERS.get(name)
    return scorer.call(build_views(TraceGraph(trace(*spans, reference=gold))).stages, k=k)


LOSSES = {"retriever.loss": 0.447500, "reranker.loss": 0.182506, "assembler.loss": 0.105001}


@pytest.mark.parametrize("name", LOSSES)
def test_the_vector_of_the_specification_holds(name):
    reading = read(name, retrieval(*POOL), rerank(POOL, RANKED), sent(*SENT))
    assert reading.value == pytest.approx(LOSSES[name], abs=1e-6)


@pytest.mark.parametrize("name", [*LOSSES, "reranker.lift", "reranker.headroom_used", "reranker.harm"])
def test_what_cannot_be_had_is_told_apart(name):
    stages = (retrieval(*POOL), rerank(POOL, RANKED), sent(*SENT))
    assert read(name, *stages, gold=None).status == "not_applicable"
    assert read(name, *stages, gold=Reference(documents={"doc-a": 0})).status == "undefined"


def test_an_unrecorded_prompt_fails_the_assembly_term_alone():
    stages = (retrieval(*POOL), rerank(POOL, RANKED), model("x"))
    assert read("assembler.loss", *stages).why.startswith("missing_evidence")
    assert read("assembler.loss", *stages).status == "failed"
    assert read("reranker.loss", *stages).value == pytest.approx(LOSSES["reranker.loss"], abs=1e-6)


def test_without_a_reranker_the_middle_term_is_the_ranking():
    assert read("reranker.loss", retrieval(*POOL)).why.startswith("ranking")
    assert read("reranker.lift", retrieval(*POOL)).status == "not_applicable"
    assert read("reranker.headroom_used", retrieval(*POOL)).status == "not_applicable"


def test_a_prompt_order_that_helps_is_a_negative_loss():
    assert read("assembler.loss", retrieval("doc-x", "doc-a"), sent("doc-a", "doc-x")).value < 0


def test_lift_names_what_moved():
    reading = read("reranker.lift", retrieval(*POOL), rerank(POOL, ("doc-x", "doc-y", "doc-b")), k=2)
    assert reading.value < 0
    assert reading.why == "moves: demoted doc-b; dropped doc-c"
    reading = read("reranker.lift", retrieval(*POOL[::-1]), rerank(POOL[::-1], ("doc-b", "doc-c")), k=2)
    assert reading.why == "moves: promoted doc-b, doc-c"


def test_a_perfect_first_order_leaves_no_headroom():
    best = ("doc-b", "doc-c")
    assert read("reranker.headroom_used", retrieval(*best), rerank(best, best)).status == "undefined"
    assert read("reranker.headroom_used", retrieval(*best[::-1]), rerank(best[::-1], best)).value == pytest.approx(1)


def test_documents_from_outside_the_pool_are_evidence_of_the_lift():
    reading = read("reranker.lift", retrieval("doc-x"), rerank(("doc-x",), ("doc-a",)))
    assert [one.quote for one in reading.evidence] == ["doc-a"]
    assert read("reranker.loss", retrieval("doc-x"), rerank(("doc-x",), ("doc-a",))).value == pytest.approx(0)


def test_harm_is_a_loss_of_more_than_rounding():
    before = ("doc-b", "doc-c")
    assert read("reranker.harm", retrieval(*before), rerank(before, before[::-1])).value == 1
    assert read("reranker.harm", retrieval(*before), rerank(before, before)).value == 0
    assert read("reranker.harm", retrieval(*before[::-1]), rerank(before[::-1], before)).value == 0
    assert read("reranker.harm", retrieval(*before)).status == "not_applicable"
