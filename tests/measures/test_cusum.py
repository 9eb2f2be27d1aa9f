"""A cumulative sum of errors: the run lengths the specification measured, by simulation."""

import random
from statistics import fmean

import pytest

from traceeval.measures.cusum import alarmed, cusum


def run_length(rate, rng):
    total, n = 0.0, 0
    while not alarmed(total):
        n += 1
        total = max(total + (1.10 if rng.random() < rate else -0.25), 0.0)
    return n


@pytest.mark.parametrize(("rate", "published"), [(0.1, 441), (0.2, 49), (0.3, 21)])
def test_an_alarm_comes_after_as_many_items_as_was_measured(rate, published):
    """review.md section 10: one false alarm per 441 at 10 % errors, an alarm after 49 at 20 % and 21 at 30 %."""
    rng = random.Random(7)
    found = fmean(run_length(rate, rng) for _ in range(1500))
    assert found == pytest.approx(published, rel=0.1)


def test_the_sum_adds_errors_takes_off_hits_and_never_falls_below_nothing():
    assert cusum([]) == 0.0
    assert cusum([False] * 9) == 0.0
    assert cusum([True, False, True]) == pytest.approx(1.95)
    assert cusum([False, False, True]) == pytest.approx(1.10)


def test_four_errors_in_a_row_alarm_and_three_do_not():
    assert not alarmed(cusum([True] * 3))
    assert alarmed(cusum([True] * 4))
