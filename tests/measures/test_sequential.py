"""A mean watched for as long as one likes."""

import numpy as np
import pytest

from traceeval.measures.interval import wilson
from traceeval.measures.sequential import mean_bounds, watch


def stream(seed, n, p):
    return (np.random.default_rng(seed).random(n) < p).astype(float)


def ever(seeds, p, later, *, days=90, a_day=10, reference=1000):
    """How many streams of ``days`` ever raise an alarm."""
    found = (watch(stream([1, s], reference, p), stream([2, s], days * a_day, later)) for s in range(seeds))
    return sum(one.alarm is not None for one in found)


def test_streams_that_stay_as_they_were_hardly_ever_alarm():
    assert wilson(ever(60, 0.8, 0.8), 60)[0] <= 0.05


@pytest.mark.soak
def test_of_a_thousand_driftless_streams_of_ninety_days_five_in_a_hundred_at_most_ever_alarm(figure):
    alarms = ever(1000, 0.8, 0.8)
    figure("7 monitor, no drift", f"1,000 streams of 90 days, 10 traces a day: {alarms} ever raised an alarm")
    assert wilson(alarms, 1000)[0] <= 0.05


@pytest.mark.soak
def test_ten_points_less_are_found_within_the_stated_number_of_traces(figure):
    """docs/compare.md: 750 traces after a reference of 1,000."""
    found = ever(1000, 0.8, 0.7, days=75)
    figure("7 monitor, ten points less", f"1,000 streams, a reference of 1,000: {found} found within 750 traces")
    assert found >= 800


def test_a_fall_and_a_rise_are_told_apart_with_the_value_that_showed_it():
    fell = watch(stream(1, 500, 0.9), stream(2, 400, 0.5)).alarm
    rose = watch(stream(1, 500, 0.2), stream(2, 400, 0.6)).alarm
    assert (fell.way, rose.way) == ("fell", "rose")
    assert fell.at < 100
    assert watch(stream(1, 500, 0.9), stream(2, fell.at, 0.5)).alarm == fell
    assert watch(stream(1, 500, 0.9), stream(2, fell.at - 1, 0.5)).alarm is None


def test_shares_are_watched_as_well_as_zeros_and_ones():
    rng = np.random.default_rng(4)
    found = watch(np.clip(rng.normal(0.8, 0.1, 800), 0, 1), np.clip(rng.normal(0.6, 0.1, 300), 0, 1))
    assert found.alarm.way == "fell"


def test_bounds_of_a_share_are_exact_and_of_other_values_hold_for_any_distribution():
    """Clopper & Pearson: 8 of 10 at 95 %."""
    assert mean_bounds(np.array([1.0] * 8 + [0.0] * 2), 0.05) == pytest.approx((0.4439045, 0.9747893), abs=1e-6)
    low, high = mean_bounds(np.random.default_rng(0).uniform(0, 1, 2000), 0.05)
    assert low < 0.5 < high
    assert high - low < 0.1


@pytest.mark.parametrize("values", [[], [0.5], [0.5, 1.5], [0.2, float("nan")]])
def test_a_reference_that_is_none_is_refused(values):
    with pytest.raises(ValueError, match="two values or more"):
        watch(np.array(values), [0.5])


def test_a_value_outside_is_refused():
    with pytest.raises(ValueError, match=r"1\.5 lies outside"):
        watch(stream(1, 100, 0.5), [1.5])
