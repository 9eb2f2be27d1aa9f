"""Alignment against brute force, scipy, and what must not matter (trajectories.md section 7.3)."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from traceeval.measures import alignment
from traceeval.measures.alignment import align, violations


def sequence(*order):
    """Moments of events one after the other, each asked for when the one before was done."""
    return [(2 * place, 2 * place + 1) for place in order]


def closed(edges, n):
    """Bit masks of what comes before each column, from (earlier, later) with earlier < later."""
    before = [0] * n
    for earlier, later in sorted(edges, key=lambda edge: edge[1]):
        before[later] |= before[earlier] | 1 << earlier
    return before


def every_map(gains, n):
    """All injective maps rows -> columns, partial ones included."""
    rows = range(len(gains))
    for chosen in permutations([*range(n), *[None] * len(gains)], len(gains)):
        pairs = {row: column for row, column in zip(rows, chosen, strict=True) if column is not None}
        if all(column in gains[row] for row, column in pairs.items()):
            yield pairs


def brute_force(gains, moments, before):
    return max(
        sum(gains[row][column] for row, column in pairs.items())
        for pairs in every_map(gains, len(before))
        if not violations(pairs, moments, before)
    )


@st.composite
def problems(draw):
    n_rows, n = draw(st.integers(0, 4)), draw(st.integers(1, 4))
    gains = [draw(st.dictionaries(st.integers(0, n - 1), st.sampled_from([0.5, 1.0, 1.5, 3.0]))) for _ in range(n_rows)]
    asked = [draw(st.integers(0, 6)) for _ in range(n_rows)]
    moments = [(moment, moment + draw(st.integers(0, 4))) for moment in asked]
    edges = draw(st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] < e[1])))
    return gains, moments, closed(edges, n)


@settings(max_examples=400, deadline=None)
@given(problems())
def test_the_search_finds_the_best_map_there_is(problem):
    found = align(*problem)
    assert not found.approximate
    assert not violations(found.pairs, problem[1], problem[2])
    assert found.total == pytest.approx(brute_force(*problem))


@settings(max_examples=200, deadline=None)
@given(problems())
def test_repair_keeps_the_order_and_never_beats_the_best(problem):
    exact = align(*problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "MOST_STEPS", 0)
        found = align(*problem)
    assert not violations(found.pairs, problem[1], problem[2])
    assert found.total <= exact.total + 1e-9
    assert found.approximate or found.total == pytest.approx(exact.total)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.randoms(use_true_random=False))
def test_without_order_it_is_scipys_assignment(n_rows, n, random):
    weights = np.array([[random.choice([0.0, 0.25, 1.0, 2.5]) for _ in range(n)] for _ in range(n_rows)])
    rows, columns = linear_sum_assignment(weights, maximize=True)
    found = align([dict(enumerate(row)) for row in weights.tolist()], sequence(*range(n_rows)), [0] * n)
    assert found.total == pytest.approx(weights[rows, columns].sum())


@settings(max_examples=100, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_listed_does_not_matter(problem, random):
    gains, moments, before = problem
    places = list(range(len(gains)))
    random.shuffle(places)
    again = align([gains[place] for place in places], [moments[place] for place in places], before)
    assert again.total == pytest.approx(align(*problem).total)


def test_a_later_event_fills_an_earlier_step_only_in_order():
    one = {0: 1.0}
    two = {1: 1.0}
    before = closed({(0, 1)}, 2)
    assert align([one, two], sequence(0, 1), before).total == 2
    assert align([two, one], sequence(0, 1), before).total == 1


def test_the_second_of_two_equal_events_saves_the_order():
    before = closed({(0, 1)}, 2)
    found = align([{1: 1.0}, {0: 1.0}, {1: 1.0}], sequence(0, 1, 2), before)
    assert found.pairs == {1: 0, 2: 1}


def test_events_asked_for_together_fill_no_ordered_steps():
    before = closed({(0, 1)}, 2)
    assert align([{0: 1.0}, {1: 1.0}], [(0, 1), (0, 2)], before).total == 1


def test_a_request_at_the_moment_of_a_result_did_not_have_it():
    before = closed({(0, 1)}, 2)
    assert align([{0: 1.0}, {1: 1.0}], [(0, 1), (1, 2)], before).total == 1


def test_overlapping_lanes_are_ordered_by_result_and_request():
    before = closed({(0, 1)}, 2)
    slow, quick, last = (0, 9), (1, 2), (3, 4)
    assert align([{0: 1.0}, {1: 1.0}], [slow, last], before).total == 1
    assert align([{0: 1.0}, {1: 1.0}], [quick, last], before).total == 2


def test_a_plan_of_more_than_twenty_ordered_steps_is_approximate():
    n = 24
    before = closed({(n, n + 1) for n in range(23)}, n)
    gains = [{n - 1 - row: 1.0} for row in range(n)]
    found = align(gains, sequence(*range(n)), before)
    assert found.approximate
    assert found.total == 1


def test_twenty_steps_of_one_kind_with_one_order_are_found_or_said_to_be_approximate():
    before = closed({(0, 1)}, 20)
    gains = [{column: 1.0 for column in range(20) if column != 1 or row == 0} for row in range(40)]
    found = align(gains, sequence(*range(40)), before)
    assert not violations(found.pairs, sequence(*range(40)), before)
    assert found.total == 19


def test_ten_thousand_equal_events_are_aligned_without_trying_every_map():
    before = closed({(n, n + 1) for n in range(19)}, 20)
    gains = [dict.fromkeys(range(20), 1.0)] * 10_000
    found = align(gains, sequence(*range(10_000)), before)
    assert found.total == 20
