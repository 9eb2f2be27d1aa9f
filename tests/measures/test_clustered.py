"""Mean differences over clusters."""

import numpy as np
import pytest

from traceeval.measures.clustered import contrast, holm, shift


def test_holm_known_answers():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])  # metrics.md section 15
    assert holm([]) == []


def test_a_shift_is_the_mean_of_the_differences():
    found = shift(np.array([1.0, 0, 0, -1, np.nan] * 20), np.arange(100))
    assert (found.value, found.n, found.clusters) == (0, 80, 80)
    assert found.low == -found.high
    assert found.p == pytest.approx(1)


def test_units_that_all_say_the_same_have_a_width():
    found = shift(np.ones(30), np.arange(30))
    assert found.value == found.high == 1
    assert 0.8 < found.low < 0.95
    assert found.p < 1e-6


def test_nothing_moved_has_a_width_too():
    found = shift(np.zeros(30), np.arange(30))
    assert found.low < 0 < found.high


def test_ten_copies_of_a_cluster_say_no_more_than_one():
    rng = np.random.default_rng(0)
    values, clusters = rng.choice([-1.0, 0, 1], 60), np.arange(60)
    apart, copied = shift(values, clusters), shift(np.repeat(values, 10), np.repeat(clusters, 10))
    assert copied.low == pytest.approx(apart.low)
    assert copied.p == pytest.approx(apart.p)


def test_weights_move_the_mean():
    assert shift(np.array([1.0, 0] * 20), np.arange(40), np.array([3.0, 1] * 20)).value == pytest.approx(0.75)


def test_few_clusters_tell_nothing():
    assert shift(np.ones(90), np.arange(90) // 10) is None
    assert contrast(np.ones(90), np.arange(90) % 2, np.arange(90) // 10) is None


def test_a_contrast_is_the_difference_of_two_means():
    values, group = np.array([1.0, 1, 0, 0, 1, 0] * 20), np.array([1, 1, 1, 0, 0, 0] * 20)
    found = contrast(values, group, np.arange(120))
    assert found.value == pytest.approx(1 / 3)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("size", [1, 4])
def test_intervals_cover_and_p_is_fair(size):
    """Differences that go in clusters of ``size``: 95 % intervals cover 0 in 93 to 98 % of 1,000 draws."""
    rng = np.random.default_rng(size)
    found = []
    for _ in range(1000):
        shared = rng.choice([-1.0, 0, 1], 40)
        values = np.where(rng.random((40, size)) < 0.5, shared[:, None], rng.choice([-1.0, 0, 1], (40, size)))
        found.append(shift(values.ravel(), np.repeat(np.arange(40), size)))
    assert 0.93 <= sum(one.low <= 0 <= one.high for one in found) / 1000 <= 0.985
    assert 0.015 <= sum(one.p < 0.05 for one in found) / 1000 <= 0.07


@pytest.mark.parametrize("means", [(0.5, 0.5), (0.1, 0.1)])
def test_a_contrast_of_equals_covers_nought(means):
    rng = np.random.default_rng(1)
    group = np.arange(80) % 2
    found = [contrast((rng.random(80) < means[0]) * 1.0, group, np.arange(80)) for _ in range(600)]
    assert 0.93 <= sum(one.low <= 0 <= one.high for one in found) / 600 <= 0.99
