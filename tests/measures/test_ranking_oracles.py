"""Our ranking formulas against pytrec_eval and ir-measures: grades, levels, ties and unjudged documents at random."""

import math

import ir_measures
import pytest
import pytrec_eval
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from traceeval.measures import ranking as r

NAMES = [f"d{n}" for n in range(25)]
runs = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([-1.5, 0.0, 0.25, 0.25 + 1e-9, 0.5, 7.0]), min_size=1)
judged = st.dictionaries(st.sampled_from(NAMES), st.integers(-1, 3), min_size=1)


def ours(run, qrels, level, k):
    docs = r.trec_order(run.items())
    gains, relevant = r.first_gains(docs, qrels), r.relevant_count(qrels, level)
    return {
        f"ndcg_cut_{k}": r.ndcg(gains, r.ideal_dcg(qrels, k), k),
        "ndcg": r.ndcg(gains, r.ideal_dcg(qrels)),
        f"recall_{k}": r.recall(gains, relevant, k, level),
        f"P_{k}": r.precision(gains, relevant, k, level),
        "map": r.average_precision(gains, relevant, level),
        "recip_rank": r.reciprocal_rank(gains, relevant, level),
        "bpref": r.bpref(docs, qrels, level),
    }


@settings(max_examples=150, deadline=None)
@given(runs, judged, st.integers(1, 3), st.sampled_from([1, 3, 5, 10, 100]))
def test_pytrec_eval_agrees_at_every_level_with_ties_and_negative_grades(run, qrels, level, k):
    assume(r.relevant_count(qrels, level))
    asked = {"ndcg_cut", "ndcg", "recall", "P", "map", "recip_rank", "bpref"}
    asked = {f"{name}.{k}" if name in ("ndcg_cut", "recall", "P") else name for name in asked}
    theirs = pytrec_eval.RelevanceEvaluator({"q": qrels}, asked, relevance_level=level).evaluate({"q": run})["q"]
    for name, value in ours(run, qrels, level, k).items():
        assert math.isclose(value, theirs[name], abs_tol=1e-9), name


@settings(max_examples=60, deadline=None)
@given(runs, judged, st.sampled_from([1, 3, 10]))
def test_ir_measures_agrees_on_what_was_judged_and_on_what_was_found(run, qrels, k):
    docs = r.trec_order(run.items())
    places = {doc: float(-at) for at, doc in enumerate(docs)}
    measures = {ir_measures.Judged @ k: r.judged(docs, qrels, k)}
    if r.relevant_count(qrels):
        gains, relevant = r.first_gains(docs, qrels), r.relevant_count(qrels)
        measures[ir_measures.R @ k] = r.recall(gains, relevant, k)
        measures[ir_measures.RR] = r.reciprocal_rank(gains, relevant)
        measures[ir_measures.AP] = r.average_precision(gains, relevant)
    theirs = ir_measures.calc_aggregate(measures, {"q": qrels}, {"q": places})
    for measure, value in measures.items():
        assert math.isclose(value, theirs[measure], abs_tol=1e-9), measure


def test_scores_that_are_equal_as_float32_are_ties():
    assert r.trec_order([("a", 0.25 + 1e-9), ("b", 0.25)]) == ["b", "a"]


@settings(deadline=None)
@given(runs, judged, st.integers(1, 12))
def test_every_value_is_a_share(run, qrels, k):
    docs = r.trec_order(run.items())
    values = [*ours(run, qrels, 1, k).values(), r.purity(r.first_gains(docs, qrels), k), r.duplicates(docs, k)]
    assert all(value is None or 0 <= value <= 1 + 1e-12 for value in values)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=8))
def test_repeating_a_document_never_earns_more(docs):
    qrels = {"a": 2, "b": 1}
    once = list(dict.fromkeys(docs))
    for formula in (
        lambda found: r.recall(r.first_gains(found, qrels), 2),
        lambda found: r.average_precision(r.first_gains(found, qrels), 2),
        lambda found: r.ndcg(r.first_gains(found, qrels), r.ideal_dcg(qrels)),
        lambda found: r.bpref(found, qrels),
    ):
        assert formula(docs) <= formula(once) + 1e-12


def test_exponential_gain_by_hand():
    """(2^2-1)/log2(2) + (2^3-1)/log2(4) over (2^3-1)/log2(2) + (2^2-1)/log2(3) + (2^1-1)/log2(4)."""
    qrels = {"a": 3, "b": 2, "c": 1}
    value = r.ndcg(r.first_gains(["b", "x", "a"], qrels), r.ideal_dcg(qrels, 3, exp=True), 3, exp=True)
    assert value == pytest.approx((3 + 7 / 2) / (7 + 3 / math.log2(3) + 1 / 2))
