"""Draws and estimates (review.md sections 6 and 7), in a small simulation with fixed seeds."""

import random

import pytest

from traceeval.measures.sampling import Drawn, difference, hajek, permanent_number


def test_a_permanent_number_depends_on_seed_and_subject_only():
    assert permanent_number("s", "x") == permanent_number("s", "x")
    assert permanent_number("s", "x") != permanent_number("t", "x")
    assert 0 <= permanent_number("s", "x") < 1


def test_permanent_numbers_are_uniform():
    numbers = [permanent_number("s", str(n)) for n in range(4000)]
    assert sum(numbers) / 4000 == pytest.approx(0.5, abs=0.02)


def frame(rng, judge):
    units = []
    for _ in range(2000):
        risk = rng.random()
        fails = rng.random() < 0.05 + 0.3 * risk
        score = {"good": 0.8 * fails + 0.2 * rng.random(), "useless": rng.random()}[judge]
        units.append((float(fails), 0.02 + 0.18 * risk, score))
    return units


@pytest.mark.parametrize("judge", ["good", "useless"])
def test_estimates_of_risk_weighted_draws_are_unbiased(judge):
    rng = random.Random(5)
    misses = {"hajek": 0.0, "difference": 0.0, "naive": 0.0}
    rounds = 120
    for _ in range(rounds):
        units = frame(rng, judge)
        truth = sum(y for y, _, _ in units) / len(units)
        drawn = [Drawn(y, pi, score) for y, pi, score in units if rng.random() < pi]
        misses["hajek"] += (hajek(drawn).value - truth) / rounds
        misses["difference"] += (difference(drawn, [score for _, _, score in units]).value - truth) / rounds
        misses["naive"] += (sum(one.y for one in drawn) / len(drawn) - truth) / rounds
    assert abs(misses["hajek"]) < 0.01
    assert abs(misses["difference"]) < 0.01
    assert misses["naive"] > 0.02


def test_nothing_drawn_has_no_estimate():
    assert hajek([]) is None
    assert difference([], []) is None
