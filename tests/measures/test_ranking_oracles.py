"""Our ranking formulas against pytrec_eval and ir-measures: grades, levels, ties and unjudged documents at random."""

import math
import random

import ir_measures
import pytest
import pytrec_eval
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from traceeval.graph import TraceGraph, build_views
from traceeval.measures import ranking as r
from traceeval.model import Hit, Kind, Reference, Retrieval, Span, Trace
from traceeval.registry import Registry, Scorer

SCORERS = Registry("traceeval.scorers", Scorer)
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


def thousand(level):
    """1,000 random qrels and runs, most of whose scores are shared by several documents."""
    rng = random.Random(23 + level)
    qrels, scored = {}, {}
    for number in range(1_000):
        grades = {doc: rng.randint(-1, 3) for doc in rng.sample(NAMES, rng.randint(1, 20))}
        qrels[str(number)] = grades | {rng.choice(NAMES): rng.randint(level, 3)}
        found = rng.sample(NAMES, rng.randint(1, len(NAMES)))
        scored[str(number)] = {doc: rng.choice([-1.5, 0.0, 0.25, 0.25 + 1e-9, 0.5, 7.0]) for doc in found}
    return qrels, scored


@pytest.fixture(scope="module", params=[1, 2, 3])
def scorings(request):
    """(level, qrels, runs, query -> its retrieval view)."""
    qrels, scored = thousand(request.param)
    found = {}
    for query, run in scored.items():
        hits = tuple(Hit(doc=doc, rank=rank) for rank, doc in enumerate(r.trec_order(run.items()), 1))
        span = Span(id="r", kind=Kind.RETRIEVAL, body=Retrieval(hits=hits))
        reference = Reference(documents=qrels[query], rel_level=request.param)
        sample = Trace(id=query, schema_version="traceeval/1", spans=(span,), reference=reference)
        found[query] = build_views(TraceGraph(sample)).retrieval
    return request.param, qrels, scored, found


def read(name, view):
    scorer, options = SCORERS.configured(name)
    return scorer.call(view, **options).value


def differences(scorings, names, theirs):
    """(scorer, query, ours, theirs) wherever they are further apart than 1e-9."""
    _, _, _, found = scorings
    for name, measure in names.items():
        values = theirs(measure)
        for query, view in found.items():
            mine = read(name, view)
            if not math.isclose(mine, values[query], abs_tol=1e-9, rel_tol=0):
                yield name, query, mine, values[query]


def evaluated(qrels, runs, level, measures):
    return pytrec_eval.RelevanceEvaluator(qrels, measures, relevance_level=level).evaluate(runs)


CUTS = (1, 3, 5, 10, 20, 100)


def test_every_score_of_a_thousand_runs_with_ties_is_pytrec_evals(scorings):
    level, qrels, scored, _ = scorings
    asked = {"ndcg_cut", "recall", "P", "map", "recip_rank", "bpref"}
    cuts = ",".join(map(str, CUTS))
    asked = {f"{name}.{cuts}" if name in ("ndcg_cut", "recall", "P") else name for name in asked}
    theirs = evaluated(qrels, scored, level, asked)
    names = {"retriever.ap": "map", "retriever.rr": "recip_rank", "retriever.bpref": "bpref"}
    for k in CUTS:
        names |= {
            f"retriever.ndcg(k={k})": f"ndcg_cut_{k}",
            f"retriever.recall(k={k})": f"recall_{k}",
            f"retriever.precision(k={k})": f"P_{k}",
        }
    wrong = differences(scorings, names, lambda measure: {query: one[measure] for query, one in theirs.items()})
    assert not list(wrong)


def test_exponential_gain_is_pytrec_evals_with_grades_put_in_the_exponent(scorings):
    level, qrels, scored, _ = scorings
    raised = {query: {doc: 2 ** max(grade, 0) - 1 for doc, grade in one.items()} for query, one in qrels.items()}
    theirs = evaluated(raised, scored, level, {"ndcg_cut.3,10"})
    names = {f"retriever.ndcg(k={k}, gain='exp')": f"ndcg_cut_{k}" for k in (3, 10)}
    wrong = differences(scorings, names, lambda measure: {query: one[measure] for query, one in theirs.items()})
    assert not list(wrong)


def test_purity_and_found_ap_are_pytrec_evals_with_another_denominator(scorings):
    level, qrels, scored, found = scorings
    theirs = evaluated(qrels, scored, level, {"P.5", "map", "num_rel", "num_rel_ret"})
    for query, view in found.items():
        one = theirs[query]
        assert math.isclose(read("retriever.purity(k=5)", view), one["P_5"] * 5 / min(5, len(view.docs)), abs_tol=1e-9)
        mine, ret = read("retriever.found_ap", view), one["num_rel_ret"]
        assert (mine is None) == (ret == 0)
        assert mine is None or math.isclose(mine, one["map"] * one["num_rel"] / ret, abs_tol=1e-9)


def test_every_score_of_a_thousand_runs_with_ties_is_ir_measures(scorings):
    level, qrels, scored, _ = scorings
    names = {
        "retriever.ap": ir_measures.AP(rel=level),
        "retriever.rr": ir_measures.RR(rel=level),
        "retriever.bpref": ir_measures.Bpref(rel=level),
    }
    for k in CUTS:
        names |= {
            f"retriever.ndcg(k={k})": ir_measures.nDCG @ k,
            f"retriever.recall(k={k})": ir_measures.R(rel=level) @ k,
            f"retriever.precision(k={k})": ir_measures.P(rel=level) @ k,
        }
    assert not list(differences(scorings, names, by_query(names.values(), qrels, scored).__getitem__))


def test_the_judged_share_is_ir_measures_where_ties_are_broken_first(scorings):
    """Its own provider breaks ties by ascending id, against trec_eval's rule; so it is given places for scores."""
    _, qrels, scored, found = scorings
    places = {query: {doc: -float(at) for at, doc in enumerate(found[query].docs)} for query in scored}
    names = {f"retriever.judged(k={k})": ir_measures.Judged @ k for k in CUTS}
    assert not list(differences(scorings, names, by_query(names.values(), qrels, places).__getitem__))


def by_query(measures, qrels, scored):
    values = {measure: {} for measure in measures}
    for metric in ir_measures.iter_calc(list(measures), qrels, scored):
        values[metric.measure][metric.query_id] = metric.value
    return values


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
