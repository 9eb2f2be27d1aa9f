"""Sensitivity, specificity and rates corrected for them."""

import numpy as np
import pytest

from traceeval.measures.screening import clopper_pearson, effective_rate, rogan_gladen


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.3085), (8, 10, 0.4439, 0.9748), (10, 10, 0.6915, 1.0), (36, 36, 0.9026, 1.0)],
)
def test_clopper_pearson_known_answers(hits, n, low, high):
    assert clopper_pearson(hits, n) == pytest.approx((low, high), abs=1e-4)


def test_thirty_five_hits_do_not_show_nine_of_ten():
    assert clopper_pearson(35, 35)[0] < 0.9 < clopper_pearson(36, 36)[0]


def test_nothing_has_no_interval():
    assert clopper_pearson(0, 0) is None
    assert effective_rate([], [], []) is None


def test_rogan_and_gladens_rate_with_lang_and_reiczigels_interval():
    found = rogan_gladen(300, 1000, 90, 100, 80, 100)  # metrics.md section 14
    assert (found.raw, found.se) == (pytest.approx(0.142857, abs=1e-6), pytest.approx(0.053526, abs=1e-6))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0211, 0.2362)


def test_a_rate_below_what_false_alarms_alone_explain_is_clipped_and_told():
    found = rogan_gladen(100, 1000, 90, 100, 80, 100)
    assert found.raw == pytest.approx(-0.142857, abs=1e-6)
    assert found.value == 0


@pytest.mark.parametrize(
    "told", [(50, 100, 5, 10, 5, 10), (50, 100, 0, 0, 5, 10), (0, 0, 9, 10, 9, 10), (50, 100, 2, 3, 2, 3)]
)
def test_an_instrument_no_better_than_chance_corrects_nothing(told):
    assert rogan_gladen(*told) is None


def covered(runs):
    """How often the interval of a true rate of .2 holds it: 500 judged, 80 labels of either class."""
    rng = np.random.default_rng(3)
    flagged = rng.binomial(500, 0.2 * 0.9 + 0.8 * 0.15, runs)
    found, cleared = rng.binomial(80, 0.9, runs), rng.binomial(80, 0.85, runs)
    told = [rogan_gladen(q, 500, se, 80, sp, 80) for q, se, sp in zip(flagged, found, cleared, strict=True)]
    return sum(one.low <= 0.2 <= one.high for one in told)


def test_the_corrected_rate_covers_the_truth():
    assert 0.93 <= covered(2000) / 2000 <= 0.97


def test_clusters_that_vary_and_uneven_weights_say_less():
    alone = effective_rate([True] * 30 + [False] * 10, [1.0] * 40, [str(at) for at in range(40)])
    assert (alone.rate, round(alone.size)) == (0.75, 40)
    together = effective_rate([True] * 30 + [False] * 10, [1.0] * 40, [str(at // 10) for at in range(40)])
    assert together.size == pytest.approx(4)
    uneven = effective_rate([True] * 30 + [False] * 10, [10.0] + [1.0] * 39, [str(at) for at in range(40)])
    assert uneven.size < 20


def test_where_all_say_the_same_the_clusters_are_counted():
    assert effective_rate([True] * 40, [1.0] * 40, [str(at // 10) for at in range(40)]).size == 4
