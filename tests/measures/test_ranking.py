"""Ranking formulas: the vectors of metrics.md section 2, and pytrec_eval as oracle."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.measures import ranking as r

QRELS = {"a": 3, "b": 2, "c": 1, "d": 0}
RUN = ["b", "x", "a"]


def gains(docs, qrels=QRELS):
    return r.first_gains(docs, qrels)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r.ndcg(gains(RUN), r.ideal_dcg(QRELS, 3), 3), 0.735007),
        (r.ndcg(gains(RUN), r.ideal_dcg(QRELS, 3, exp=True), 3, exp=True), 0.692020),
        (r.recall(gains(RUN), 3, 3), 0.666667),
        (r.precision(gains(RUN), 3, 3), 0.666667),
        (r.average_precision(gains(RUN), 3), 0.555556),
        (r.average_precision(gains(RUN), 2), 0.833333),
        (r.reciprocal_rank(gains(RUN), 3), 1),
        (r.bpref(RUN, QRELS), 0.666667),
        (r.judged(RUN, QRELS, 3), 0.666667),
        (r.ndcg(gains(["d", "b", "x", "a"]), r.ideal_dcg(QRELS, 3), 3), 0.264993),
        (r.average_precision(gains(["d", "b", "x", "a"]), 3), 0.333333),
        (r.reciprocal_rank(gains(["d", "b", "x", "a"]), 3), 0.5),
        (r.bpref(["d", "b", "x", "a"], QRELS), 0),
    ],
)
def test_the_vectors_of_the_specification_hold(value, expected):
    assert value == pytest.approx(expected, abs=1e-6)


def test_one_of_ten_relevant_found_at_the_top_is_no_perfect_retrieval():
    """ragas precision and Phoenix nDCG give 1.0 here (metrics.md section 2)."""
    qrels = {str(n): 1 for n in range(10)}
    assert r.recall(gains(["0"], qrels), 10, 10) == pytest.approx(0.1)
    assert r.ndcg(gains(["0"], qrels), r.ideal_dcg(qrels, 10), 10) == pytest.approx(0.220092, abs=1e-6)
    assert r.average_precision(gains(["0"], qrels), 1) == 1


def test_a_duplicate_earns_once_and_wastes_its_place():
    assert gains(["a", "a", "b"]) == [3, 0, 2]
    assert r.duplicates(["a", "a", "b"], 3) == pytest.approx(1 / 3)


def test_nothing_relevant_is_undefined_and_nothing_retrieved_is_zero():
    assert r.recall([], 0) is None
    assert r.recall([], 2, 10) == 0
    assert r.ndcg([], 0.0) is None
    assert r.purity([], 10) is None
    assert r.judged([], QRELS, 10) is None


def test_ties_break_by_document_id_descending_as_trec_eval_does():
    assert r.trec_order([("a", 1.0), ("c", 1.0), ("b", 2.0)]) == ["b", "c", "a"]


documents = st.lists(st.sampled_from([f"d{n}" for n in range(30)]), unique=True, min_size=1, max_size=30)
judgements = st.dictionaries(st.sampled_from([f"d{n}" for n in range(30)]), st.integers(0, 3), min_size=1)


@settings(max_examples=60, deadline=None)
@given(documents, judgements)
def test_pytrec_eval_agrees_on_any_run_with_something_relevant(docs, qrels):
    import pytrec_eval

    relevant = r.relevant_count(qrels)
    if not relevant:
        return
    names = {"ndcg_cut_5", "recall_5", "P_5", "map", "recip_rank", "bpref"}
    run = {"q": {doc: float(len(docs) - at) for at, doc in enumerate(docs)}}
    theirs = pytrec_eval.RelevanceEvaluator({"q": qrels}, names).evaluate(run)["q"]
    found = gains(docs, qrels)
    ours = {
        "ndcg_cut_5": r.ndcg(found, r.ideal_dcg(qrels, 5), 5),
        "recall_5": r.recall(found, relevant, 5),
        "P_5": r.precision(found, relevant, 5),
        "map": r.average_precision(found, relevant),
        "recip_rank": r.reciprocal_rank(found, relevant),
        "bpref": r.bpref(docs, qrels),
    }
    for name, value in ours.items():
        assert math.isclose(value, theirs[name], abs_tol=1e-9), name
