"""pass^k and pass@k: by their formula, by counting every draw, and the interval by simulation."""

from itertools import combinations

import numpy as np
import pytest

from traceeval.measures.passk import all_of, over_scenarios, pass_at, pass_hat, scenarios_needed


def test_the_vector_of_the_page():
    assert [round(pass_hat(6, 8, k), 6) for k in (1, 2, 4, 8)] == [0.75, 0.535714, 0.214286, 0]
    assert [round(pass_at(6, 8, k), 6) for k in (1, 2, 4, 8)] == [0.75, 0.964286, 1, 1]


@pytest.mark.parametrize("n", range(1, 11))
def test_both_equal_the_count_of_every_draw(n):
    for c in range(n + 1):
        trials = [1] * c + [0] * (n - c)
        for k in range(1, n + 1):
            draws = list(combinations(trials, k))
            assert pass_hat(c, n, k) == pytest.approx(sum(map(all, draws)) / len(draws))
            assert pass_at(c, n, k) == pytest.approx(sum(map(any, draws)) / len(draws))


@pytest.mark.parametrize(("c", "n", "k"), [(1, 2, 3), (1, 2, 0), (3, 2, 1), (-1, 2, 1)])
def test_k_beyond_the_trials_is_refused(c, n, k):
    for measure in (pass_hat, pass_at):
        with pytest.raises(ValueError, match="trials"):
            measure(c, n, k)


def test_tau_bench_airline_is_reproduced():
    """25 tasks of 4 trials; c = 0, 1, 2, 4 on 8, 5, 6, 6 tasks (metrics.md section 10)."""
    passes = [0] * 8 + [1] * 5 + [2] * 6 + [4] * 6
    found = [over_scenarios([pass_hat(c, 4, k) for c in passes]) for k in (1, 2, 3, 4)]
    assert [round(one.value, 2) for one in found] == [0.41, 0.28, 0.24, 0.24]
    for one, low, high in zip(found, (0.27, 0.13, 0.08, 0.08), (0.56, 0.45, 0.40, 0.40), strict=True):
        assert one.low == pytest.approx(low, abs=0.02)
        assert one.high == pytest.approx(high, abs=0.02)
    assert [round(sum(pass_at(c, 4, k) for c in passes) / 25, 2) for k in (1, 2, 3, 4)] == [0.41, 0.54, 0.63, 0.68]


def test_where_all_scenarios_agree_the_interval_is_wilsons():
    found = over_scenarios([1.0] * 10)
    assert (found.value, found.by) == (1.0, "wilson")
    assert found.low == pytest.approx(0.7225, abs=1e-3)
    assert over_scenarios([]).value is None


def test_the_number_of_scenarios_for_a_width():
    assert scenarios_needed([0.0, 1.0] * 25, 0.05) == 392
    assert scenarios_needed([1.0], 0.05) is None
    assert scenarios_needed([1.0, 1.0], 0.05) is None


def covered(scenarios: int, runs: int, draws_seed: int = 6) -> float:
    """Share of simulated suites with correlated trials whose interval holds the true pass^2."""
    chance, inside = np.random.default_rng(draws_seed), 0
    truth = 0.5 * 1.5 / (1 * 2)  # E[p^2] of Beta(.5, .5)
    for _ in range(runs):
        rates = chance.beta(0.5, 0.5, scenarios)
        values = [pass_hat(int(c), 8, 2) for c in chance.binomial(8, rates)]
        found = over_scenarios(values, seed=int(chance.integers(1 << 30)))
        inside += found.low <= truth <= found.high
    return inside / runs


def test_the_interval_covers_at_two_hundred_scenarios():
    assert 0.85 <= covered(200, 60) <= 1.0


@pytest.mark.soak
def test_the_interval_covers_as_often_as_it_says_at_two_hundred_scenarios(figure):
    share = covered(200, 3000)
    assert 0.93 <= share <= 0.97
    figure("52 pass^k", f"its 95 % interval held the truth in {share:.1%} of 3,000 suites of 200 scenarios")


def test_different_ones_all_pass_as_often_as_the_mean_product_of_their_rates():
    rates = [0.9, 0.5, 0.2]
    assert all_of(rates, 2) == pytest.approx((0.45 + 0.18 + 0.10) / 3)
    assert all_of(rates, 3) == pytest.approx(0.09)
    assert all_of([1, 1, 0, 0], 2) == pytest.approx(pass_hat(2, 4, 2))
    with pytest.raises(ValueError, match="k 4 of 3"):
        all_of(rates, 4)
