"""Vectors of metrics.md section 8, and what must not matter."""

from itertools import permutations

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.scorers.planner._make import PAID, READS, TEN, looked, reading, view

from traceeval.graph._alignment import align_calls
from traceeval.graph._matching import match_calls
from traceeval.testing import call, expect


@pytest.mark.parametrize(
    ("called", "value"),
    [
        ([*looked(*range(9)), PAID], 1),
        ([*looked(*range(8)), PAID], 1 - 1 / 27),
        (looked(*range(9)), 1 - 5 / 23),
        ([], 0),
    ],
)
def test_the_vectors_of_nine_reads_and_one_write(called, value):
    assert reading("alignment", called, TEN).value == pytest.approx(value)


def test_declared_empty_on_both_sides_is_one():
    assert reading("alignment", [], []).value == 1


def test_without_a_reference_it_does_not_arise():
    assert reading("alignment", looked(1), None).status == "not_applicable"


def test_a_call_nobody_expected_is_all_wrong():
    assert reading("alignment", [PAID], []).value == 0


def test_costs_follow_the_effect():
    for name, cost in (("pay", 5), ("odd", 5), ("look", 1), ("add", 0.2)):
        found = align_calls(match_calls(view([call(name, {})], [])), view([], []).book)
        assert found.cost == cost


def test_a_substitution_costs_what_is_not_similar():
    found = reading("alignment", [call("pay", {"to": "A", "sum": 2})], [expect("pay", {"to": "A", "sum": 1})])
    assert found.value == pytest.approx(1 - 2.5 / 10)
    assert [(proof.span, proof.field) for proof in found.evidence] == [("s1", "substitution")]


def test_a_failed_call_is_not_the_one_that_was_to_succeed():
    """agentevals 0.0.9: "tool ERROR then Success!" is a strict match."""
    assert reading("alignment", [call("pay", {"to": "A"}, error="declined")], [expect("pay", {"to": "A"})]).value == 0.5


def test_a_retry_is_no_move():
    called = [call("pay", {"to": "A"}, error="timeout"), PAID]
    assert reading("alignment", called, [expect("pay", {"to": "A"})]).value == 1


def test_the_wrong_order_costs_the_cheaper_call():
    expected = [expect("look", {"n": 1}, id="a"), expect("pay", {"to": "A"}, after=("a",))]
    called = [PAID, *looked(1)]
    found = align_calls(match_calls(view(called, expected)), view([], []).book)
    assert sorted((move.kind, move.cost) for move in found.moves) == [("log_only", 1), ("match", 0), ("model_only", 1)]
    assert reading("alignment", called, expected).value == pytest.approx(1 - 2 / 12)


def test_any_number_of_reads_costs_nothing_where_any_number_may_be():
    assert reading("alignment", looked(*range(30)), [expect("look", max=None, extra="allow")]).value == 1


def test_an_optional_call_left_out_costs_nothing():
    assert (
        reading("alignment", [PAID], [expect("pay", {"to": "A"}), expect("look", {"n": 1}, optional=True)]).value == 1
    )


def test_a_plan_of_more_than_twenty_ordered_calls_says_that_it_is_approximate():
    expected = [expect("look", {"n": n}, id=str(n), after=(str(n - 1),) if n else ()) for n in range(22)]
    found = reading("alignment", looked(*reversed(range(22))), expected)
    assert found.why.startswith("approximate: ")
    assert 0 <= found.value <= 1


def _brute_force(found):
    """The cheapest of all injective maps that keep the order, costs as the page has them."""
    match = match_calls(found)
    table, slots = match.table, match.table.plan.slots
    unit = {"look": 1, "pay": 5, "add": 0.2}
    best = float("inf")
    columns = [*range(len(slots)), *[None] * len(table.calls)]
    for chosen in set(permutations(columns, len(table.calls))):
        pairs = {row: column for row, column in enumerate(chosen) if column is not None}
        if any(column not in table.cells[row] for row, column in pairs.items()):
            continue
        at = {column: table.calls[row].moment for row, column in pairs.items()}
        if any(
            b in at and not at[b][1] < at[a][0] for a in at for b in range(len(slots)) if table.plan.before[a] >> b & 1
        ):
            continue
        cost = sum(unit[one.name] for row, one in enumerate(table.calls) if row not in pairs)
        cost += sum(unit[slot.specs[0].tool] for c, slot in enumerate(slots) if slot.required and c not in at)
        for row, column in pairs.items():
            comparison = table.cells[row][column].comparison
            similar = 0 if comparison.wrong == "failed_call" else comparison.similarity
            cost += unit[table.calls[row].name] * (1 - similar)
        best = min(best, cost)
    return best


CALLS = st.lists(
    st.tuples(st.sampled_from(["look", "pay", "add"]), st.integers(0, 1), st.integers(0, 1), st.booleans()), max_size=4
)
SPECS = st.lists(
    st.tuples(st.sampled_from(["look", "pay", "add"]), st.integers(0, 1), st.booleans(), st.booleans()), max_size=4
)


@settings(max_examples=150, deadline=None)
@example([("pay", 0, 0, False)], [("add", 0, False, False)] * 3, False)  # 5 + .2 + .2 + .2 in another order
@given(CALLS, SPECS, st.booleans())
def test_no_alignment_is_cheaper(rows, wanted, batch):
    asked = {"requested_by": "root"} if batch else {}
    called = [call(tool, {"x": x, "y": y}, None if lost else "ok", **asked) for tool, x, y, lost in rows]
    expected = [
        expect(tool, {"x": x, "y": 0}, id=str(n), optional=optional, after=(str(n - 1),) if n and follows else ())
        for n, (tool, x, optional, follows) in enumerate(wanted)
    ]
    found = view(called, expected)
    aligned = align_calls(match_calls(found), found.book)
    assert not aligned.approximate
    assert aligned.cost == pytest.approx(_brute_force(found))
    assert 0 <= aligned.fitness <= 1


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(9)))
def test_ids_and_the_order_of_a_batch_change_nothing(order):
    called = [call("look", {"n": n}, id=f"x{n}", requested_by="root") for n in order]
    straight = [call("look", {"n": n}, requested_by="root") for n in range(9)]
    renamed = [msgspec.structs.replace(spec, id=f"r{n}") for n, spec in enumerate(READS)]
    assert reading("alignment", called, renamed) == reading("alignment", straight, READS)
