"""The simulated suite: what it plants is there, and a few seeds hold what all of them are to show."""

import numpy as np
import pytest
from benchmarks.suites import slices


@pytest.mark.parametrize("kind", ["tenant", "half", "pair"])
def test_thirty_traces_of_the_bad_slice_fail(kind):
    one = slices.world(3, kind)
    inside = np.all([one.fields[name] == value for name, value in one.bad.items()], axis=0)
    passed = one.scores["outcome"]
    assert inside.sum() == (60 if kind == "half" else 30)
    assert np.nansum(passed[inside] == 0) >= 25  # one in twenty could not be had
    assert np.nanmean(passed[~inside]) > 0.8


def test_a_seed_is_one_world():
    first, again = (slices.world(5, "tenant").scores["outcome"] for _ in range(2))
    assert np.array_equal(first, again, equal_nan=True)


def test_a_few_seeds_rank_first_and_stay_quiet():
    found = slices.run([{"id": seed} for seed in range(3)], False, None)
    assert found["metrics"]["ranked_first"]["value"] == 1.0
    assert found["metrics"]["false_alarms"]["low"] <= slices.RATE
    assert found["subsets"]["sessions"]["false_alarms"]["low"] <= slices.RATE
    assert found["baselines"]["lowest raw mean"]["false_alarms"] == 1.0
    assert found["baselines"]["sessions overlooked, corrected"]["false_alarms"] > 0.5
    assert found["misses"] == []
