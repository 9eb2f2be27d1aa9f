"""Draws and estimates (review.md sections 6 and 7), in a small simulation with fixed seeds."""

import math
import random

import pytest

from traceeval.measures.sampling import Drawn, difference, hajek, permanent_number


def test_a_permanent_number_depends_on_seed_and_subject_only():
    assert permanent_number("s", "x") == permanent_number("s", "x")
    assert permanent_number("s", "x") != permanent_number("t", "x")


def test_permanent_numbers_are_hmac_sha256_to_53_bits():
    import hashlib
    import hmac

    whole = int.from_bytes(hmac.new(b"s", b"x", hashlib.sha256).digest(), "big") / 2**256
    assert permanent_number("s", "x") == pytest.approx(whole, abs=2**-52)


def test_a_permanent_number_never_reaches_one(monkeypatch):
    monkeypatch.setattr("traceeval.measures.sampling.hmac.digest", lambda *args: b"\xff" * 32)
    assert permanent_number("s", "x") < 1


def test_permanent_numbers_are_uniform():
    numbers = [permanent_number("s", str(n)) for n in range(4000)]
    assert sum(numbers) / 4000 == pytest.approx(0.5, abs=0.02)


def test_a_larger_budget_only_adds_units():
    numbers = [permanent_number("s", str(n)) for n in range(500)]
    small, large = ({n for n, u in enumerate(numbers) if u < pi} for pi in (0.1, 0.2))
    assert small < large


def frame(rng, judge):
    """Failures follow risk; the plan of section 6.3 in small: a fifth of the budget evenly, the rest by risk."""
    units, size, budget = [], 1000, 150
    for _ in range(size):
        risk = rng.random()
        fails = rng.random() < 0.02 + 0.3 * risk
        good = rng.gauss(0.7 if fails else 0.25, 0.15)
        score = {"good": good, "useless": rng.random(), "inverted": 1 - good}[judge]
        units.append((float(fails), min(1.0, budget * (0.2 / size + 0.8 * risk / (size / 2))), score))
    return units


def simulate(judge, rounds=250):
    """Signed errors, coverage and width of every estimator over draws from one frame."""
    rng = random.Random(5)
    units = frame(rng, judge)
    truth, scores = sum(y for y, _, _ in units) / len(units), [score for _, _, score in units]
    seen = {"naive": [], "hajek": [], "difference": []}
    for _ in range(rounds):
        drawn = [Drawn(y, pi, score) for y, pi, score in units if rng.random() < pi]
        plain = sum(one.y for one in drawn) / len(drawn)
        seen["naive"].append((plain - truth, False, 0.0))
        for name, found in (("hajek", hajek(drawn)), ("difference", difference(drawn, scores))):
            seen[name].append((found.value - truth, found.low <= truth <= found.high, found.high - found.low))
    return {
        name: {
            "bias": sum(error for error, _, _ in runs) / rounds,
            "sd": math.sqrt(sum(error**2 for error, _, _ in runs) / rounds),
            "coverage": sum(held for _, held, _ in runs) / rounds,
            "width": sum(width for _, _, width in runs) / rounds,
        }
        for name, runs in seen.items()
    }


@pytest.mark.parametrize("judge", ["good", "useless", "inverted"])
def test_estimates_of_risk_weighted_draws_are_unbiased_and_cover(judge):
    found = simulate(judge)
    for name in ("hajek", "difference"):
        assert abs(found[name]["bias"]) < 0.2 * found[name]["sd"]
        assert 0.90 <= found[name]["coverage"] <= 0.99
    assert found["naive"]["bias"] > 0.02
    if judge == "useless":
        assert found["difference"]["width"] < 1.1 * found["hajek"]["width"]
    else:
        assert found["difference"]["width"] < 0.9 * found["hajek"]["width"]


def test_a_census_has_no_sampling_error():
    found = hajek([Drawn(1.0, 1.0), Drawn(0.0, 1.0)])
    assert (found.low, found.value, found.high, found.effective, found.largest) == (0.5, 0.5, 0.5, 0.0, 1.0)


def test_equal_weights_count_as_many_as_they_are():
    found = hajek([Drawn(float(n % 2), 0.1) for n in range(40)])
    assert found.effective == pytest.approx(40)
    assert found.largest == 10


def test_a_constant_score_costs_nothing_and_divides_by_nothing():
    drawn = [Drawn(float(n % 2), 0.5, 0.7) for n in range(10)]
    assert difference(drawn, [0.7] * 20).slope == 0


def test_nothing_drawn_has_no_estimate():
    assert hajek([]) is None
    assert difference([], []) is None
    assert difference([Drawn(1.0, 0.5, 0.5)] * 2, [0.5] * 4) is None
    assert difference([Drawn(1.0, 0.5)] * 3, [0.5] * 6) is None
