"""Worst slices: what is found, what is not, and how often the latter goes wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, false_discovery_control

from traceeval.compare import Coded, Measure, Observed, find_slices

RATE, SMALLEST = 0.05, 10


def coded(values):
    """A field from one value, a tuple of several, or None, per trace."""
    entries = sorted({v if isinstance(v, tuple) else () if v is None else (v,) for v in values})
    places = {entry: at for at, entry in enumerate(entries)}
    codes = [places[v if isinstance(v, tuple) else () if v is None else (v,)] for v in values]
    return Coded(np.array(codes, dtype=int), entries)


def run(fields, scores, *, repeats=None, better="higher", range=(0.0, 1.0), rate=RATE, smallest=SMALLEST):
    """``scores``: name -> a value per trace; None: not eligible; a pair: failed, with these bounds."""
    columns = {name: _column(values) for name, values in scores.items()}
    n = len(next(iter(scores.values())))
    observed = Observed(
        fields={name: coded(values) for name, values in fields.items()},
        repeats=np.arange(n) if repeats is None else np.array(repeats),
        measures=[Measure(name=name, better=better, range=range) for name in scores],
        read=columns.__getitem__,
    )
    return find_slices(observed, rate=rate, smallest=smallest)


def _column(values):
    value = [np.nan if v is None or isinstance(v, tuple) else v for v in values]
    low = [np.nan if v is None else v[0] if isinstance(v, tuple) else v for v in values]
    high = [np.nan if v is None else v[1] if isinstance(v, tuple) else v for v in values]
    return tuple(np.array(ends, dtype=float) for ends in (value, low, high))


def row(slices, name="s", **where):
    return next(one for one in slices.rows if one.where == where and one.score.scorer == name)


def world(seed, *, bad=False, n=600):
    """600 traces by tenant, language and release; one in ten fails; with ``bad``, all 30 of one tenant do."""
    rng = np.random.default_rng(seed)
    tenants = rng.permutation(np.repeat([f"t{at}" for at in range(20)], n // 20))
    fields = {
        "tenant": list(tenants),
        "language": list(rng.choice(["de", "en", "fr", "ja"], n, p=[0.2, 0.5, 0.2, 0.1])),
        "release": list(rng.choice(["1.2", "1.3"], n)),
    }
    passed = (rng.random(n) > 0.1).astype(float)
    if bad:
        passed[tenants == "t7"] = 0.0
    graded = np.round(rng.beta(6, 1, n) * 10) / 10
    return fields, {"passed": list(passed), "graded": list(graded)}


def test_thirty_bad_traces_of_one_slice_come_first():
    hits = sum(run(*world(seed, bad=True)).worst[0].where == {"tenant": "t7"} for seed in range(25))
    assert hits == 25


def test_without_a_bad_slice_false_alarms_are_rare():
    alarms = sum(bool(run(*world(seed)).worst) for seed in range(1000, 1060))
    assert binomtest(alarms, 60).proportion_ci(method="exact").low <= RATE


def test_raw_means_would_name_somebody_every_time():
    slices = run(*world(1000))
    lowest = min(one.score.mean for one in slices.rows if one.score.scorer == "passed")
    assert lowest < 0.8
    assert slices.worst == ()


def test_a_pair_that_is_worse_than_both_of_its_values_comes_before_them():
    fields, _ = world(1)
    both = [a == "t7" or a == "t8" for a in fields["tenant"]]
    fields["tenant"] = ["big" if hit else tenant for hit, tenant in zip(both, fields["tenant"], strict=True)]
    hit = [a == "big" and b == "en" for a, b in zip(fields["tenant"], fields["language"], strict=True)]
    rng = np.random.default_rng(4)
    slices = run(fields, {"s": [0.0 if bad else float(rng.random() > 0.1) for bad in hit]})
    assert slices.worst[0].where == {"tenant": "big", "language": "en"}


def test_a_pair_that_is_bad_because_one_of_its_values_is_bad_is_not_found():
    fields, scores = world(2, bad=True)
    fields["language"] = ["de" if at % 2 else "en" for at in range(600)]
    slices = run(fields, scores)
    assert {tuple(one.where) for one in slices.worst} == {("tenant",)}


def test_five_bad_traces_do_not_come_before_sixty_that_are_nearly_all_bad():
    fields = {"x": ["few"] * 12 + ["many"] * 60 + ["rest"] * 400}
    values = [0.0] * 12 + [0.0] * 55 + [1.0] * 5 + [1.0, 1.0, 1.0, 0.0] * 100
    slices = run(fields, {"s": values})
    few, many = row(slices, x="few"), row(slices, x="many")
    assert few.worse > many.worse
    assert (many.rank, few.rank) == (1, 2)


def test_a_slice_under_the_smallest_size_is_shown_and_not_compared():
    slices = run({"x": ["few"] * 9 + ["rest"] * 100}, {"s": [0.0] * 9 + [1.0] * 100})
    few = row(slices, x="few")
    assert (few.score.mean, few.traces, few.p, few.q, few.rank) == (0.0, 9, None, None, None)


def test_one_long_session_is_one_case_and_no_bad_slice():
    fields = {"tenant": ["acme"] * 20 + ["globex"] * 400}
    rng = np.random.default_rng(0)
    values = [0.0] * 20 + list((rng.random(400) > 0.1).astype(float))
    alone = run(fields, {"s": values})
    assert row(alone, tenant="acme").rank == 1
    together = run(fields, {"s": values}, repeats=[0] * 20 + list(range(1, 401)))
    assert row(together, tenant="acme").q is None
    assert (together.traces, together.units) == (420, 401)
    assert row(together, tenant="acme").traces == 20
    assert row(together, tenant="acme").score.counts["scored"] == 1


def test_a_field_that_changes_within_sessions_does_not_make_them_count_twice_elsewhere():
    n = 400
    rng = np.random.default_rng(3)
    fields = {"tenant": ["acme"] * 100 + ["globex"] * 300, "turn": [f"n{at % 5}" for at in range(n)]}
    sessions = np.repeat(np.arange(n // 5), 5)
    values = (rng.random(n // 5) > 0.2)[sessions].astype(float)
    slices = run(fields, {"s": list(values)}, repeats=sessions)
    assert row(slices, tenant="acme").score.counts["scored"] == 20
    assert row(slices, turn="n1").score.counts["scored"] == 80


def test_along_scenario_its_trials_are_the_cases():
    fields = {"scenario": ["hard"] * 20 + ["easy"] * 40, "language": ["de", "en"] * 30}
    repeats = [0] * 20 + [1] * 40
    slices = run(fields, {"s": [0.0] * 18 + [1.0] * 2 + [1.0] * 40}, repeats=repeats)
    assert row(slices, scenario="hard").rank == 1
    assert row(slices, language="de").score.counts["scored"] == 2
    assert slices.units == 2


def test_a_case_with_a_failed_trace_has_failed_within_the_mean_of_the_bounds():
    slices = run({"x": ["a"] * 4}, {"s": [1.0, (0.0, 1.0), 0.5, None]}, repeats=[0, 0, 1, 1])
    score = row(slices, x="a").score
    assert (score.counts["scored"], score.counts["failed"]) == (1, 1)
    assert (score.mean, score.lower, score.upper) == (0.5, 0.5, 0.75)


def test_where_lower_is_better_the_high_slice_is_the_bad_one():
    fields = {"x": ["a"] * 50 + ["b"] * 50}
    slices = run(fields, {"s": [0.6, 0.7] * 25 + [0.0, 0.1] * 25}, better="lower", range=(-1.0, 1.0))
    assert slices.worst[0].where == {"x": "a"}
    assert slices.worst[0].worse == pytest.approx(0.6)


def test_what_failed_keeps_its_worst_bound_beside_the_mean():
    slices = run({"x": ["a"] * 40 + ["b"] * 40}, {"s": [1.0] * 20 + [(0.0, 1.0)] * 20 + [1.0] * 39 + [0.0]})
    score = row(slices, x="a").score
    assert (score.mean, score.lower, score.coverage) == (1.0, 0.5, 0.5)


def test_slices_of_another_coverage_are_told():
    slices = run({"x": ["a"] * 40 + ["b"] * 40}, {"s": [1.0] * 20 + [(0.0, 1.0)] * 20 + [1.0] * 38 + [0.0] * 2})
    assert {one.where["x"] for one in slices.less_covered()} == {"a", "b"}
    even = run({"x": ["a"] * 40 + ["b"] * 40}, {"s": ([1.0] * 19 + [0.0] + [(0.0, 1.0)] * 20) * 2})
    assert even.less_covered() == ()


def test_several_values_of_one_field_each_make_a_slice():
    tags = [("beta", "vip")] * 30 + [("vip",)] * 30 + [None] * 200
    slices = run({"tags": tags}, {"s": [0.0] * 30 + [1.0] * 230})
    assert [row(slices, tags=tag).traces for tag in ("beta", "vip", None)] == [30, 60, 200]
    assert slices.worst[0].where == {"tags": "beta"}
    assert (slices.fields[0].known, slices.fields[0].values) == (60, 2)


def test_traces_without_the_field_are_a_slice_of_their_own():
    slices = run({"x": [None] * 40 + ["a"] * 200}, {"s": [0.0] * 40 + [1.0] * 200})
    assert slices.worst[0].where == {"x": None}


def test_a_field_no_trace_has_gives_no_row_and_is_named():
    slices = run({"x": [None] * 20, "y": ["a"] * 20}, {"s": [1.0] * 20})
    assert slices.unknown == ("x",)
    assert {tuple(one.where) for one in slices.rows} == {("y",)}


def test_a_name_per_trace_is_refused_in_words():
    slices = run({"user": [f"u{at}" for at in range(1000)]}, {"s": [1.0, 0.0] * 500})
    assert slices.rows == ()
    assert "too many to slice by: 1,000 values in 1,000 traces" in slices.fields[0].note


def test_the_most_frequent_values_are_told_apart_and_the_others_counted():
    values = [f"v{at}" for at in range(200) for _ in range(4)] + [f"rare{at}" for at in range(50)]
    slices = run({"x": values}, {"s": [1.0] * 850})
    assert len(slices.rows) == 200
    assert slices.fields[0].note.startswith("the 200 most frequent of 250 values; the others, 50 traces")


def test_scores_that_do_not_vary_are_not_compared():
    slices = run({"x": ["a", "b"] * 50}, {"s": [1.0] * 100, "t": [None] * 100})
    assert slices.comparisons == 0
    assert {one.score.scorer for one in slices.rows} == {"s"}


def test_q_is_what_scipy_makes_of_all_comparisons():
    slices = run(*world(5, bad=True), rate=0.999)
    compared = [one for one in slices.rows if one.p is not None and len(one.where) == 1]
    every = run({"tenant": world(5, bad=True)[0]["tenant"]}, world(5, bad=True)[1])
    assert [one.q for one in every.rows] == pytest.approx(list(false_discovery_control([one.p for one in every.rows])))
    assert len(compared) == 2 * (20 + 4 + 2)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_traces_does_not_matter(seed):
    fields, scores = world(7, bad=True, n=200)
    order = np.random.default_rng(seed).permutation(200)
    shuffled = run(
        {name: [values[at] for at in order] for name, values in fields.items()},
        {name: [values[at] for at in order] for name, values in scores.items()},
    )
    first = run(fields, scores)
    assert [(one.where, one.p, one.rank) for one in shuffled.worst] == [
        (one.where, pytest.approx(one.p), one.rank) for one in first.worst
    ]


def test_a_slice_and_its_rest_make_the_whole():
    slices = run(*world(8))
    whole = {one.scorer: one for one in slices.overall}
    for one in slices.rows:
        n, every = one.score.counts["scored"], whole[one.score.scorer]
        rest = every.counts["scored"] - n
        together = (one.score.mean * n + one.rest * rest) / (n + rest)
        assert together == pytest.approx(every.mean)
