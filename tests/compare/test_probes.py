"""Stub judges, each flagged by exactly its probe; a fair one by none (metrics.md section 14)."""

import pytest
from tests.compare._stub_judges import FAULTS, told

from traceeval.compare._probes import probes


def flagged(stub, seed):
    return {probe.name for probe in probes(told(stub, seed)) if probe.flagged}


@pytest.mark.parametrize(("stub", "probe"), FAULTS.items())
def test_a_stub_judge_is_flagged_by_exactly_its_probe(stub, probe):
    assert [flagged(stub, seed) for seed in range(3)] == [{probe}] * 3


def test_a_fair_judge_is_seldom_flagged():
    assert sum(bool(flagged("fair", seed)) for seed in range(100)) <= 5


def test_without_the_correction_for_many_probes_a_fair_judge_would_often_be():
    runs = [[one for one in probes(told("fair", seed)) if one.p is not None] for seed in range(100)]
    assert sum(any(one.p < 0.05 for one in run) for run in runs) > 10
    assert sum(any(one.adjusted < 0.05 for one in run) for run in runs) <= 8


def test_every_probe_of_a_full_battery_is_measured():
    assert {probe.status for probe in probes(told("fair", 0))} == {"measured"}


@pytest.mark.soak
def test_a_fair_judge_is_flagged_in_at_most_five_of_a_hundred_of_a_thousand_runs(figure):
    wrong = sum(bool(flagged("fair", seed)) for seed in range(1000))
    figure("judge: fair judge flagged", f"{wrong} of 1,000 runs")
    assert wrong <= 50


@pytest.mark.soak
@pytest.mark.parametrize(("stub", "probe"), FAULTS.items())
def test_a_stub_judge_is_flagged_by_exactly_its_probe_in_two_hundred_runs(stub, probe, figure):
    exact = sum(flagged(stub, seed) == {probe} for seed in range(200))
    figure(f"judge: {stub} flagged by {probe} alone", f"{exact} of 200 runs")
    assert exact >= 190
