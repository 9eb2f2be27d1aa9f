"""Harm among what nobody reviewed: the bound holds wherever it hides, and zero found is no zero."""

import math
import random

import numpy as np
import pytest
from benchmarks.coverage.harm import run
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from traceeval.measures.unseen import mean_of_few, unseen

EVEN = np.full(1000, 0.04)


def test_none_found_is_three_over_the_least_probability():
    found = unseen(EVEN, [], reviewed=40)
    assert found.most == pytest.approx(-math.log(0.05) / 0.04)  # the rule of three
    assert found.units == 960
    assert found.rate == pytest.approx(found.most / 960)


@pytest.mark.parametrize("count", [1, 2, 5, 20])
def test_with_equal_weights_it_is_the_exact_poisson_limit(count):
    found = unseen(np.full(10_000, 0.04), [0.04] * count, reviewed=400)
    assert found.most == pytest.approx(chi2.ppf(0.95, 2 * (count + 1)) / 2 / 0.04 - count)  # Garwood (1936)


def test_what_was_seen_for_certain_hides_nothing():
    assert unseen([1.0, 1.0], [1.0], reviewed=2).most == 0
    both = unseen([*EVEN, 1.0, 1.0], [1.0], reviewed=42)
    assert both.most == pytest.approx(unseen(EVEN, [], reviewed=40).most)
    assert unseen([1.0, 1.0], [], [1.0], reviewed=1).most == 1  # drawn for certain, never decided


def test_undecided_units_may_all_be_harmful():
    assert unseen(EVEN, [], [0.04], reviewed=39).most > unseen(EVEN, [], reviewed=40).most + 1


def test_the_bound_never_exceeds_the_units_there_are():
    assert unseen([0.01] * 5, [], reviewed=0).most == 5


def test_reviews_that_halve_the_bound_do_halve_it():
    found = unseen(EVEN, [0.04, 0.04], reviewed=40)
    level = 0.04 + found.halved_by / 1000 * 0.96
    after = unseen(np.full(1000, level), [level] * 2, reviewed=40 + found.halved_by)
    assert after.most == pytest.approx(found.most / 2, rel=0.02)
    assert unseen([1.0], [], reviewed=1).halved_by == 0


def test_rare_harm_is_covered_wherever_it_is():
    for place, found in run(60, size=2000, budget=200).items():
        assert found["coverage"] >= 0.95, place


@pytest.mark.soak
def test_rare_harm_is_covered_in_2000_draws():
    for place, found in run(2000).items():
        assert found["coverage"] >= 0.95, place


def exact_coverage(groups):
    """Probability that the bound holds for (probability, units, harmful of them) groups, by enumeration."""
    pi = np.repeat([p for p, _, _ in groups], [n for _, n, _ in groups])
    harmful, held = sum(h for _, _, h in groups), 0.0
    ranges = [range(min(h, int(h * p + 6 * math.sqrt(h * p) + 6)) + 1) for p, _, h in groups]
    for counts in np.stack(np.meshgrid(*ranges, indexing="ij"), -1).reshape(-1, len(groups)):
        chance = math.prod(binom.pmf(c, h, p) for c, (p, _, h) in zip(counts, groups, strict=True))
        if chance > 1e-6:
            found = np.repeat([p for p, _, _ in groups], counts)
            left = unseen(pi, found.tolist(), reviewed=int(counts.sum()))
            held += chance * (harmful - counts.sum() <= left.most + 1e-9)
    return held


def compositions(n, seed):
    rng = random.Random(seed)
    for _ in range(n):
        chances = sorted(math.exp(rng.uniform(math.log(0.02), math.log(0.9))) for _ in range(rng.choice((1, 2))))
        sizes = [rng.randint(1, 400) for _ in chances]
        yield [(p, n, rng.randint(0, min(n, int(6 / p) + 1))) for p, n in zip(chances, sizes, strict=True)]


@pytest.mark.parametrize("groups", [*compositions(6, seed=2)])
def test_it_holds_for_any_composition_by_enumeration(groups):
    assert exact_coverage(groups) >= 0.949


@pytest.mark.soak
def test_it_holds_for_two_hundred_compositions():
    assert min(map(exact_coverage, compositions(200, seed=3))) >= 0.949


def test_a_mean_of_what_never_varied_is_not_certain():
    low, high = mean_of_few(np.ones(40), EVEN[:40], EVEN, (0.0, 1.0))
    assert high == 1
    assert low == pytest.approx(1 + math.log(0.025) / 0.04 / 1000)
    assert mean_of_few([4.0] * 40, EVEN[:40], EVEN, (1, 5)) == pytest.approx(
        (4 + 3 * math.log(0.025) / 40, 4 - math.log(0.025) / 40)
    )


def test_where_enough_varies_or_all_was_seen_there_is_no_need():
    assert mean_of_few(np.arange(40) % 2, EVEN[:40], EVEN, (0.0, 1.0)) is None
    assert mean_of_few([1.0, 1.0], [1.0, 1.0], [1.0, 1.0], (0.0, 1.0)) is None


@given(st.lists(st.floats(0.05, 0.95), min_size=1, max_size=30), st.integers(0, 10))
def test_more_harm_found_never_lowers_what_may_have_been_missed(pi, count):
    frame = [*pi, *[0.05] * 500]
    found = [unseen(frame, ([*pi] * 10)[:n], reviewed=len(pi)).most for n in (count, count + 1)]
    assert found[0] <= found[1] + 1


def test_where_nothing_could_be_seen_yet_all_may_be_harmful():
    assert unseen([0.0, 0.0, 1.0], [], reviewed=1).most == 2
