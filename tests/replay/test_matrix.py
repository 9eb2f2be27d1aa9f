"""Cells: one axis at a time beside the unvaried twin, or all combinations; ids that stay."""

import msgspec

from traceeval.model import Cell, Scenario, Variant
from traceeval.replay import cells_of, plan, told

FILE = {
    "apiVersion": "traceeval/scenario.v1",
    "id": "shop/cancel",
    "user": {"turns": [{"say": "a", "paraphrases": ["b", "c"]}, {"say": "d", "paraphrases": ["e"]}]},
    "tools": {"module": "shop:build"},
    "faults": [{"id": "slow", "at": {"tool": "x"}, "inject": {"latency": {"ms": 5}}, "expect": "recovers"}],
    "injections": [
        {
            "id": "mail",
            "slot": {"tool": "x", "path": "$"},
            "payload": {"text": "do"},
            "goal": {"call": {"tool": "y"}},
        }
    ],
    "assertions": {"answer": [{"contains": "x"}], "pass": ["answer"]},
    "trials": {"n": 2, "seeds": [3, 7]},
}


def scenario(**changes) -> Scenario:
    return msgspec.convert({**FILE, **changes}, Scenario)


def test_star_varies_one_axis_at_a_time():
    assert [cell.id for cell in cells_of(scenario())] == [
        "shop/cancel",
        "shop/cancel[injection=mail]",
        "shop/cancel[fault=slow]",
        "shop/cancel[turn1.p1]",
        "shop/cancel[turn1.p2]",
        "shop/cancel[turn2.p1]",
    ]


def test_cross_is_the_full_product():
    assert len(cells_of(scenario(matrix={"mode": "cross"}))) == 4 * 2 * 2


def test_every_cell_runs_once_a_seed():
    assert [one.id for one in plan([scenario(faults=[], injections=[])])][:3] == [
        "shop/cancel[seed=3]",
        "shop/cancel[seed=7]",
        "shop/cancel[turn1.p1|seed=3]",
    ]
    assert {one.seed for one in plan([scenario()], n=4)} == {3, 7, 8, 9}


def test_adding_a_fault_changes_no_stream_of_another_cell():
    before = {cell.id: cell.stream(3) for cell in cells_of(scenario(faults=[]))}
    after = {cell.id: cell.stream(3) for cell in cells_of(scenario())}
    assert before.items() <= after.items()
    assert len(set(after.values())) == len(after)


def test_streams_are_pinned():
    assert Cell(scenario="a").stream(1) == 7251118575150247893


def test_a_variant_replaces_the_words_of_its_turns_only():
    other = told(scenario(), "turn1.p2")
    assert [turn.say for turn in other.user.turns] == ["c", "d"]
    assert other.assertions == scenario().assertions


def test_a_variant_that_means_something_else_has_its_own_assertions():
    listed = [
        {
            "id": "missing",
            "turns": {"2": "z"},
            "operator": "missing_fact",
            "preserving": False,
            "assertions": {"answer": [{"contains": "which"}], "pass": ["answer"]},
        }
    ]
    other = told(scenario(variants=listed), "missing")
    assert other.user.turns[1].say == "z"
    assert other.assertions.answer[0].contains == "which"
    assert Variant(id="v", turns={}).preserving
