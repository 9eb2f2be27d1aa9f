"""Who is drawn (review.md section 6)."""

import hashlib
import hmac
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.sampling import closed_until, inclusion, permanent_number, plan

interests = st.lists(st.floats(0, 5), min_size=1, max_size=60)


def test_a_permanent_number_depends_on_seed_and_subject_only():
    assert permanent_number("s", "x") == permanent_number("s", "x")
    assert permanent_number("s", "x") != permanent_number("t", "x")


def test_permanent_numbers_are_hmac_sha256_to_53_bits():
    whole = int.from_bytes(hmac.new(b"s", b"x", hashlib.sha256).digest(), "big") / 2**256
    assert permanent_number("s", "x") == pytest.approx(whole, abs=2**-52)


def test_a_permanent_number_never_reaches_one(monkeypatch):
    monkeypatch.setattr("traceeval.measures.sampling.hmac.digest", lambda *args: b"\xff" * 32)
    assert permanent_number("s", "x") < 1


def test_permanent_numbers_are_uniform():
    numbers = [permanent_number("s", str(n)) for n in range(4000)]
    assert sum(numbers) / 4000 == pytest.approx(0.5, abs=0.02)


def test_interest_and_floor_share_the_budget():
    # four units, budget 2: a fifth evenly (.1 each), four fifths by interest (.2, .3, .5, .6 of 1.6)
    assert inclusion([0.2, 0.3, 0.5, 0.6], 2) == pytest.approx([0.3, 0.4, 0.6, 0.7])


def test_what_is_certain_leaves_its_share_to_the_others():
    found = inclusion([100, 1, 1, 1], 2)
    assert found[0] == 1
    assert found[1:] == pytest.approx([1 / 3] * 3)


def test_nothing_of_interest_is_an_even_draw_and_a_budget_for_all_sees_all():
    assert inclusion([0, 0, 0, 0], 1) == pytest.approx([0.25] * 4)
    assert inclusion([1, 0, 3], 3) == inclusion([1, 0, 3], 9) == [1, 1, 1]
    assert inclusion([], 5) == []


@pytest.mark.parametrize(("interest", "budget", "floor"), [([-1.0], 1, 0.2), ([1.0], -1, 0.2), ([1.0], 1, 0)])
def test_a_plan_that_makes_no_sense_is_refused(interest, budget, floor):
    with pytest.raises(ValueError, match="0 or more"):
        inclusion(interest, budget, floor=floor)


@given(interests, st.floats(0, 70), st.randoms(use_true_random=False))
def test_probabilities_add_up_to_the_budget_whatever_the_order(interest, budget, rng):
    found = inclusion(interest, budget)
    assert sum(found) == pytest.approx(min(budget, len(interest)))
    assert all(0 <= pi <= 1 for pi in found)
    assert all(pi >= min(1, 0.2 * budget / len(interest)) - 1e-9 for pi in found)
    order = rng.sample(range(len(interest)), len(interest))
    assert inclusion([interest[n] for n in order], budget) == pytest.approx([found[n] for n in order])


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans()), min_size=1, max_size=60), st.floats(0, 70), st.floats(0, 20))
def test_a_larger_budget_only_adds_units(units, budget, more):
    interest, must = [u for u, _ in units], [m for _, m in units]
    small, large = plan(interest, must, budget), plan(interest, must, budget + more)
    assert sum(small) == pytest.approx(min(budget, len(units)))
    assert all(a <= b + 1e-9 for a, b in zip(small, large, strict=True))


def test_must_see_are_certain_up_to_half_of_the_budget():
    found = plan([0.5] * 20, [n < 5 for n in range(20)], 10)
    assert found[:5] == [1] * 5
    assert found[5:] == pytest.approx([1 / 3] * 15)


def test_of_too_many_must_see_half_of_the_budget_and_a_fair_share_of_the_other_half_is_drawn():
    found = plan([0.5] * 100, [n < 20 for n in range(100)], 10)
    assert found[:20] == pytest.approx([(5 + 5 * 20 / 100) / 20] * 20)
    assert found[20:] == pytest.approx([5 * 80 / 100 / 80] * 80)
    assert sum(found) == pytest.approx(10)
    assert plan([0.5] * 4, [True] * 4, 2) == pytest.approx([0.5] * 4)


def test_poisson_draws_have_the_size_that_was_planned_on_average():
    pi = plan([random.Random(n).random() for n in range(2000)], [False] * 2000, 300)
    sizes = [sum(permanent_number(f"{seed}", str(n)) < p for n, p in enumerate(pi)) for seed in range(6)]
    spread = sum(p * (1 - p) for p in pi) ** 0.5
    assert sum(sizes) / 6 == pytest.approx(300, abs=3 * spread / 6**0.5)


def test_work_has_come_as_far_as_the_first_open_unit():
    assert closed_until([0.7, 0.4, 0.9]) == 0.4
    assert closed_until([]) == 1
