"""Shares over clusters."""

import numpy as np
import pytest

from traceeval.measures.shares import shares


def test_columns_are_read_apart_and_gaps_left_out():
    values = np.array([[1.0, np.nan], [0.0, 1.0], [1.0, np.nan], [0.5, 0.0]])
    first, second = shares(values, np.arange(4))
    assert (first.value, first.n) == (0.625, 4)
    assert (second.value, second.n) == (0.5, 2)


def test_an_empty_column_is_no_share():
    assert shares(np.array([[np.nan], [np.nan]]), np.arange(2)) == [None]
    assert shares(np.zeros((0, 1)), np.arange(0)) == [None]


def test_one_cluster_has_no_interval():
    (found,) = shares(np.ones((9, 1)), np.zeros(9))
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_weights_move_the_share():
    (found,) = shares(np.array([[1.0], [0.0]]), np.arange(2), weights=np.array([3.0, 1.0]))
    assert found.value == 0.75


def test_the_interval_covers():
    rng = np.random.default_rng(5)
    runs = [shares((rng.random((60, 1)) < 0.6) * 1.0, np.arange(60))[0] for _ in range(300)]
    assert 0.91 <= sum(one.low <= 0.6 <= one.high for one in runs) / 300 <= 0.98


def test_all_of_one_kind_get_wilsons_interval_by_clusters():
    (found,) = shares(np.ones((40, 1)), np.arange(40) // 2)
    assert (found.high, found.low) == (1.0, pytest.approx(0.8389, abs=1e-4))  # 20 of 20
