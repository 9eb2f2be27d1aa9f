"""Intervals against scipy, statistical textbooks and their own promises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.measures.interval import Clustered, bootstrap, t_interval, wilson


def mean(values):
    return sum(values) / len(values)


@settings(deadline=None)
@given(st.integers(1, 300), st.data())
def test_wilson_is_the_score_interval_of_scipy(n, data):
    from scipy.stats import binomtest

    hits = data.draw(st.integers(0, n))
    theirs = binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(hits, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=40))
def test_the_interval_of_a_mean_is_that_of_scipy(values):
    from scipy.stats import sem, t

    low, high = t_interval(sum(values), sum(v * v for v in values), len(values))
    half = t.ppf(0.975, len(values) - 1) * sem(values)
    assert (low, high) == pytest.approx((mean(values) - half, mean(values) + half), abs=1e-5)


def test_one_value_has_no_interval():
    assert t_interval(1.0, 1.0, 1) is None
    assert bootstrap([1.0, 2.0], ["a", "a"], mean) is None


def test_drawing_clusters_is_wider_than_drawing_rows_that_repeat_each_other():
    rows = [float(n % 2) for n in range(10) for _ in range(20)]
    apart = bootstrap(rows, [str(n) for n in range(len(rows))], mean, n=500)
    together = bootstrap(rows, [str(n // 20) for n in range(len(rows))], mean, n=500)
    assert together[1] - together[0] > 2 * (apart[1] - apart[0])


def test_the_same_seed_gives_the_same_interval_whatever_the_order_of_the_rows():
    rows, clusters = [0.0, 1.0, 3.0, 7.0], ["a", "b", "c", "d"]
    assert bootstrap(rows, clusters, mean, n=200) == bootstrap(rows[::-1], clusters[::-1], mean, n=200)


def test_draws_without_a_value_are_left_out():
    assert bootstrap([1, 2], ["a", "b"], lambda drawn: None, n=20) is None
    low, high = bootstrap([1, 2], ["a", "b"], lambda drawn: 7.0 if 1 in drawn else None, n=50)
    assert (low, high) == (7.0, 7.0)


def test_units_that_come_alone_have_wilsons_own_interval():
    alone = Clustered()
    for hit in [1] * 8 + [0] * 2:
        alone.add(hit, 1)
    assert alone.interval() == pytest.approx((0.490162, 0.943318), abs=1e-6)


def test_units_that_agree_within_their_clusters_count_for_less():
    together = Clustered()
    for hits in [5] * 8 + [0] * 2:
        together.add(hits, 5)
    assert together.interval() == pytest.approx(wilson(8, 10))


def test_where_all_units_agree_the_clusters_are_counted():
    whole = Clustered()
    for _ in range(4):
        whole.add(3, 3)
    assert whole.interval() == wilson(4, 4)
    assert Clustered().interval() is None


def test_merging_clusters_is_counting_together():
    rows = [(1, 2), (2, 2), (0, 3), (4, 5)]
    whole, first, second = Clustered(), Clustered(), Clustered()
    for at, row in enumerate(rows):
        whole.add(*row)
        (first if at < 2 else second).add(*row)
    first.merge(second)
    assert first == whole
