"""Retrieval scores through views: the vectors of metrics.md section 2 and every empty case of its table."""

import pytest

from traceeval.graph import TraceGraph, build_views
from traceeval.graph.views import RetrievalView
from traceeval.model import Reference
from traceeval.registry import Registry, Scorer
from traceeval.testing import retrieval, trace

SCORERS = Registry("traceeval.scorers", Scorer)
QRELS = {"a": 3, "b": 2, "c": 1, "d": 0}
GOLD = Reference(documents=QRELS)


def read(name, *docs, gold=GOLD, **span):
    scorer, options = SCORERS.configured(name)
    return scorer.call(build_views(TraceGraph(trace(retrieval(*docs, **span), reference=gold))).retrieval, **options)


@pytest.mark.parametrize(
    ("name", "docs", "value"),
    [
        ("retriever.ndcg(k=3)", "bxa", 0.735007),
        ("retriever.ndcg(k=3, gain='exp')", "bxa", 0.692020),
        ("retriever.recall(k=3)", "bxa", 0.666667),
        ("retriever.precision(k=3)", "bxa", 0.666667),
        ("retriever.ap", "bxa", 0.555556),
        ("retriever.found_ap", "bxa", 0.833333),
        ("retriever.rr", "bxa", 1),
        ("retriever.bpref", "bxa", 0.666667),
        ("retriever.judged(k=3)", "bxa", 0.666667),
        ("retriever.ndcg(k=3)", "dbxa", 0.264993),
        ("retriever.ap", "dbxa", 0.333333),
        ("retriever.rr", "dbxa", 0.5),
        ("retriever.bpref", "dbxa", 0),
        ("retriever.purity(k=10)", "bx", 0.5),
        ("retriever.precision(k=10)", "bx", 0.1),
        ("retriever.duplicates(k=4)", "aabx", 0.25),
        ("retriever.recall(k=2)", "aab", 1 / 3),
    ],
)
def test_the_vectors_of_the_specification_hold(name, docs, value):
    reading = read(name, *docs)
    assert reading.status == "scored"
    assert reading.value == pytest.approx(value, abs=1e-6)


OF_A_RETRIEVAL = [n for n in SCORERS.names() if n.startswith("retriever.") and SCORERS.get(n).sees is RetrievalView]
NEED_GOLD = [n for n in OF_A_RETRIEVAL if n != "retriever.duplicates"]
OF_WHAT_CAME = {"retriever.purity", "retriever.judged", "retriever.found_ap"}


@pytest.mark.parametrize("name", NEED_GOLD)
def test_without_gold_the_question_does_not_arise(name):
    assert read(name, "a", gold=None).status == "not_applicable"


@pytest.mark.parametrize("name", NEED_GOLD)
def test_an_empty_retrieval_is_zero_but_for_the_scores_of_what_came(name):
    reading = read(name)
    if name in OF_WHAT_CAME:
        assert (reading.status, reading.value) == ("undefined", None)
    else:
        assert (reading.status, reading.value) == ("scored", 0)


@pytest.mark.parametrize("name", sorted(set(NEED_GOLD) - {"retriever.purity", "retriever.judged"}))
def test_gold_without_a_relevant_document_is_undefined(name):
    assert read(name, "a", "b", gold=Reference(documents={"a": 0})).status == "undefined"


@pytest.mark.parametrize("name", [*NEED_GOLD, "retriever.duplicates"])
def test_hits_that_were_not_recorded_are_missing_evidence_never_zero(name):
    import msgspec

    span = retrieval()
    span = msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, hits=None))
    scorer = SCORERS.get(name)
    reading = scorer.call(build_views(TraceGraph(trace(span, reference=GOLD))).retrieval)
    assert (reading.status, reading.why.partition(":")[0]) == ("failed", "missing_evidence")


def test_the_level_of_relevance_is_the_references():
    strict = Reference(documents=QRELS, rel_level=2)
    assert read("retriever.recall", "c", "b", gold=strict).value == 0.5
    assert read("retriever.rr", "c", "b", gold=strict).value == 0.5
    assert read("retriever.ndcg", "c", gold=strict).value > 0
    assert read("retriever.purity", "c", "b", gold=strict).value == 0.5
    assert read("retriever.found_ap", "c", "b", gold=strict).value == 0.5
    assert read("retriever.bpref", "c", "b", gold=strict).value == 0.25


def test_units_are_the_relevant_documents_so_that_micro_means_pool_them():
    assert read("retriever.recall", "a").units == 3


def test_merged_searches_say_so():
    sample = trace(retrieval("a"), retrieval("b"), reference=GOLD)
    reading = SCORERS.get("retriever.recall").call(build_views(TraceGraph(sample)).retrieval)
    assert (reading.span, reading.why.partition(":")[0]) == (None, "merged")
    assert reading.value == pytest.approx(2 / 3)


def test_documents_in_no_index_are_not_held_against_the_retriever():
    gold = Reference(documents=QRELS, absent=("a",))
    reading = read("retriever.recall", "b", "c", gold=gold)
    assert (reading.value, reading.units) == (1, 2)
    assert reading.why == "not_in_corpus: 1 of the relevant are in no index"
    assert read("retriever.ndcg", "b", "c", gold=gold).value == 1


def test_with_everything_relevant_in_no_index_there_is_nothing_to_recall():
    reading = read("retriever.recall", "x", gold=Reference(documents={"a": 1}, absent=("a",)))
    assert reading.status == "undefined"
    assert "not_in_corpus: 1" in reading.why


def test_what_a_search_returned_is_in_an_index_whatever_the_gold_says():
    assert read("retriever.recall", "a", gold=Reference(documents={"a": 1, "b": 1}, absent=("a",))).value == 0.5


def test_repeats_of_two_searches_count_where_nothing_merged_them():
    found = trace(retrieval("a", "b"), retrieval("a", "c"))
    assert SCORERS.get("retriever.duplicates").call(build_views(TraceGraph(found)).retrieval).value == 0.25
    merged = trace(*found.spans[1:], retrieval("a", "b", "c", reads=("s1", "s2")))
    assert SCORERS.get("retriever.duplicates").call(build_views(TraceGraph(merged)).retrieval).value == 0


def test_repeats_that_are_other_chunks_of_a_document_are_told():
    assert read("retriever.duplicates", "a", "a", "b").why == ""
    reading = read("retriever.duplicates", ("a", "one"), ("a", "two"), ("a", "two"), ("b", "x"))
    assert (reading.value, reading.why) == (0.5, "other_chunks: 1 of 2 repeats are another chunk of the document")
