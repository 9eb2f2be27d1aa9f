"""Distances between windows, with known answers."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from traceeval.measures.drift import mix_distance, value_distance


def test_the_distance_of_values_is_the_statistic_of_kolmogorov_and_smirnov():
    rng = np.random.default_rng(0)
    for _ in range(20):
        base, head = rng.integers(0, 6, 30) / 5, rng.integers(1, 7, 40) / 5
        assert value_distance(base, head, permutations=9).value == pytest.approx(ks_2samp(base, head).statistic)


def test_the_chance_of_values_is_that_of_the_exact_test():
    """Without ties the exact distribution is known."""
    rng = np.random.default_rng(1)
    base, head = rng.normal(0, 1, 25), rng.normal(0.7, 1, 25)
    exact = ks_2samp(base, head, method="exact").pvalue
    assert value_distance(base, head, permutations=9999).p == pytest.approx(exact, abs=0.01)


def test_a_mix_is_half_the_sum_of_what_its_shares_differ_by():
    """3 of 4 against 1 of 4, and 1 of 4 against 3 of 4: half of .5 + .5."""
    base, head = np.array([[3, 1]] * 8), np.array([[1, 3]] * 8)
    found = mix_distance(base, head)
    assert found.value == 0.5
    assert found.p < 0.01


def test_traces_move_as_a_whole():
    """Two traces a side that differ in everything prove nothing, however much they hold."""
    base, head = np.array([[1000, 0], [1000, 0]]), np.array([[0, 1000], [0, 1000]])
    assert mix_distance(base, head).value == 1.0
    assert mix_distance(base, head).p > 0.2


def test_nothing_counted_is_no_distance():
    assert mix_distance(np.zeros((3, 2)), np.ones((3, 2))) is None
    assert value_distance([], [1.0]) is None
