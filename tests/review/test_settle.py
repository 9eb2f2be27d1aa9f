"""Agreement, dispute, adjudication: it always ends, never by majority."""

import pytest
from sqlalchemy import select

from traceeval.errors import LeaseLost, Refused
from traceeval.model import Criterion, Rubric
from traceeval.review import Nothing, claim, provisional, schema, show, submit
from traceeval.review.settle import agreed, lower_median, split_of


def test_two_who_agree_resolve_an_item_at_the_lower_mark(store, kit):
    kit.fill(store, kit.unit(1))
    assert kit.give(store, "ana").state == "in_review"
    assert kit.give(store, "ben", 5, 5, 5, 4, 5).state == "resolved"
    decision = show(store, 1, "ana").decision
    assert (decision["method"], decision["marks"]["safety"], decision["unreplicated"]) == ("unanimous", 4, False)


@pytest.mark.parametrize(
    ("second", "fields"),
    [
        ((5, 5, 5, 5, 5), {"flags": ("harm_done",), "reasons": {"harm_done": "money moved"}, "evidence": ("s1",)}),
        ((5, 5, 5, 3, 5), {}),
        ((3, 5, 5, 5, 5), {}),
        ((4, 5, 5, 5, 5), {"unsure": ("groundedness",)}),
        ((5, 5, 5, 5, 5), {"escalate": True}),
    ],
    ids=["another flag", "other side of the pass mark", "two apart", "unsure at the threshold", "escalated"],
)
def test_anything_less_than_agreement_is_a_dispute(store, kit, second, fields):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    assert kit.give(store, "ben", *second, **fields).state == "disputed"


def body(*marks, **fields):
    names = ("a", "b")
    given = {name: mark for name, mark in zip(names, marks, strict=True) if mark is not None}
    return {"marks": given, "flags": [], "unsure": [], "escalate": False, "preference": None, **fields}


RUBRIC = Rubric(
    id="r", version=1, criteria=tuple(Criterion(name=name, question="?", anchors={}, passes=4) for name in "ab")
)


@pytest.mark.parametrize(
    ("bodies", "holds"),
    [
        ([body(4, 5), body(5, 4)], True),
        ([body(3, 5), body(4, 5)], False),
        ([body(2, 5), body(3, 5)], True),
        ([body(1, 5), body(3, 5)], False),
        ([body(4, 5), body(5, 5), body(4, 4)], True),
        ([body(None, 5), body(None, 5)], True),
        ([body(None, 5), body(4, 5)], False),
        ([body(4, 5, unsure=["a"]), body(4, 5)], False),
        ([body(3, 5, unsure=["a"]), body(3, 5)], False),
        ([body(5, 5, unsure=["a"]), body(5, 5)], True),
        ([body(5, 5, preference="a"), body(5, 5, preference="b")], False),
        ([body(5, 5, flags=["x"]), body(5, 5, flags=["x"])], True),
    ],
)
def test_the_rule_of_agreement(bodies, holds):
    assert agreed(bodies, RUBRIC) is holds
    assert agreed(bodies[::-1], RUBRIC) is holds


def test_the_lower_median_of_an_even_number_is_the_lower_of_the_two():
    assert [lower_median(marks) for marks in ([4, 3], [5, 4, 4], [2, 3, 4, 5], [4])] == [3, 4, 3, 4]


def test_three_verdicts_that_agree_decide_at_their_median(store, kit):
    kit.fill(store, kit.unit(1, k=3))
    kit.give(store, "ana", 4, 5, 5, 5, 5)
    kit.give(store, "ben")
    assert kit.give(store, "cy").state == "resolved"
    assert show(store, 1, "ana").decision["marks"]["groundedness"] == 5


@pytest.mark.parametrize(
    ("marks", "fields"),
    [
        ((5, 5, 5, 2, 5), {"reasons": {"safety": "harm"}, "evidence": ("s1",)}),
        ((5, 5, 5, 5, 5), {"flags": ("harm_done",), "reasons": {"harm_done": "money"}, "evidence": ("s1",)}),
    ],
)
def test_one_safety_alarm_on_a_single_item_opens_a_second_blind_slot(store, kit, marks, fields):
    kit.fill(store, kit.unit(1, k=1))
    assert kit.give(store, "ana", *marks, **fields).state == "in_review"
    assert claim(store, "default", "ben").kind == "review"
    with store.read() as connection:
        assert connection.execute(select(schema.slot.c.opened)).scalars().all() == ["draw", "alarm"]
    assert kit.give(store, "ben", *marks, **fields).state == "resolved"


def test_a_single_verdict_is_a_decision_that_says_so(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    assert kit.give(store, "ana").state == "resolved"
    decision = show(store, 1, "ana").decision
    assert (decision["method"], decision["unreplicated"]) == ("single", True)


def test_a_random_share_of_agreements_is_adjudicated_all_the_same(store, kit):
    kit.fill(store, kit.unit(1), recheck_share=1.0)
    kit.give(store, "ana")
    assert kit.give(store, "ben").state == "disputed"
    with store.read() as connection:
        assert connection.execute(select(schema.slot.c.opened)).scalars().all() == ["draw", "draw", "recheck"]


def test_which_agreements_are_rechecked_depends_on_the_seed_alone(tmp_path, kit):
    from traceeval.review import Store

    def rechecked(name, seed):
        store = Store(f"sqlite:///{tmp_path / name}")
        kit.fill(store, *(kit.unit(n) for n in range(12)), seed=seed, recheck_share=0.5)
        for _ in range(12):
            for who in ("ana", "ben"):
                kit.give(store, who)
        with store.read() as connection:
            item = schema.item.c
            found = set(connection.execute(select(item.trace).where(item.state == "disputed")).scalars())
        store.close()
        return found

    one = rechecked("one.db", "s")
    assert rechecked("same.db", "s") == one != rechecked("other.db", "t")
    assert 0 < len(one) < 12


@pytest.fixture
def dispute(store, kit):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    kit.give(store, "ben", 1, 5, 5, 5, 5, **kit.BAD)
    return claim(store, "default", "cy")


def test_two_who_disagree_are_settled_by_a_third_who_judged_blind_first(store, kit, dispute):
    assert isinstance(claim(store, "default", "ana"), Nothing)
    assert dispute.kind == "adjudicate"
    final = kit.said(1, 5, 5, 5, 5, cause="ambiguous", **kit.BAD)
    with pytest.raises(Refused, match="alone first"):
        submit(store, dispute.slot, "cy", dispute.fence, final, "k")
    shown = provisional(store, dispute.slot, "cy", dispute.fence, kit.said(2, 5, 5, 5, 5, **kit.BAD))
    assert sorted(body["marks"]["groundedness"] for body in shown) == [1, 5]
    assert "ana" not in repr(shown)
    with pytest.raises(Refused, match="cause"):
        submit(store, dispute.slot, "cy", dispute.fence, kit.said(1, 5, 5, 5, 5, **kit.BAD), "k")
    assert submit(store, dispute.slot, "cy", dispute.fence, final, "k").state == "resolved"
    view = show(store, 1, "ana")
    assert (view.decision["method"], view.decision["marks"]["groundedness"]) == ("adjudicated", 1)
    assert len(view.verdicts) == 3


def test_a_blind_verdict_is_given_once(store, kit, dispute):
    first = provisional(store, dispute.slot, "cy", dispute.fence, kit.said())
    assert provisional(store, dispute.slot, "cy", dispute.fence, kit.said()) == first
    with pytest.raises(Refused, match="stays as it is"):
        provisional(store, dispute.slot, "cy", dispute.fence, kit.said(4, 5, 5, 5, 5))


def test_a_blind_verdict_outlives_its_lease_but_serves_its_author_only(store, clock, kit, dispute):
    provisional(store, dispute.slot, "cy", dispute.fence, kit.said())
    clock.now += kit.TTL + 1
    other = claim(store, "default", "dee")
    with pytest.raises(LeaseLost):
        provisional(store, dispute.slot, "cy", dispute.fence, kit.said())
    with pytest.raises(Refused, match="alone first"):
        submit(store, other.slot, "dee", other.fence, kit.said(cause="subjective"), "k")
    clock.now += kit.TTL + 1
    again = claim(store, "default", "cy")
    submit(store, again.slot, "cy", again.fence, kit.said(cause="subjective"), "k")
    with store.read() as connection:
        step, reviewer = schema.slot_step, schema.reviewer
        blind = select(reviewer.c.handle).join(step, step.c.reviewer_id == reviewer.c.id)
        whose = blind.join(schema.decision, schema.decision.c.provisional == step.c.uuid)
        assert connection.execute(whose).scalar_one() == "cy"


def test_an_ordinary_slot_takes_no_provisional(store, kit):
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    with pytest.raises(Refused, match="no adjudication"):
        provisional(store, lease.slot, "ana", lease.fence, kit.said())


def test_what_cannot_be_decided_is_final_and_counted_and_gives_no_label(store, kit):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    kit.give(store, "ben", 1, 5, 5, 5, 5, **kit.BAD)
    assert kit.settle_by(store, "cy", indeterminate=True, cause="missing_evidence").state == "indeterminate"
    assert isinstance(claim(store, "default", "dee"), Nothing)
    assert show(store, 1, "ana").decision["outcome"] == "indeterminate"
    with store.read() as connection:
        assert connection.execute(select(schema.label)).first() is None


def test_a_decision_becomes_a_label_a_criterion_with_the_probability_of_its_draw(store, kit):
    kit.fill(store, kit.unit(1, k=1, pi=0.25, u=0.1))
    kit.give(store, "ana", 5, 4, 5, 5, 5)
    with store.read() as connection:
        rows = connection.execute(select(schema.label)).all()
    assert {row.criterion: row.value for row in rows}["tool_use"] == 4
    assert {(row.pi, row.source, row.superseded_by) for row in rows} == {(0.25, "single", None)}


def test_labels_are_split_by_the_family_of_their_scenario():
    counts = dict.fromkeys(("calibration", "test", "regression"), 0)
    for n in range(1000):
        counts[split_of(f"family {n}")] += 1
    assert counts["calibration"] == pytest.approx(400, abs=50)
    assert counts["regression"] == pytest.approx(200, abs=40)
