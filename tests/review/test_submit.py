"""Verdicts: what they must hold, stored once, in an order that cannot lose or double one."""

import pytest
from sqlalchemy import event, select

from traceeval.errors import KeyReused, LeaseLost, NotFound, Refused
from traceeval.review import claim, save_draft, schema, status, submit
from traceeval.review.desk import desk


@pytest.fixture
def lease(store, kit):
    kit.fill(store, kit.unit(1), kit.unit(2))
    return claim(store, "default", "ana")


@pytest.mark.parametrize(
    ("marks", "fields", "hint"),
    [
        ((5, 5, 5, 5, 5), {"rationale": "short"}, "rationale"),
        ((5, 5, 5, 5, 5), {"rationale": "根拠が足りない"}, "at least 8"),
        ((1, 5, 5, 5, 5), {}, "reason of its own"),
        ((1, 5, 5, 5, 5), {"reasons": {"groundedness": "x"}}, "evidence"),
        ((5, 5, 5, 5, 5), {"evidence": ("nowhere",)}, "no span"),
        ((5, 5, 5, 5, 5), {"flags": ("odd",)}, "no flag"),
        ((5, 5, 5, 5, 5), {"flags": ("harm_done",)}, "reason of its own"),
        ((5, 5, 5, 5, 5), {"unsure": ("odd",)}, "no criterion"),
        ((9, 5, 5, 5, 5), {}, r"1\.\.5"),
        ((5, 5, 5, 5, 5), {"absent": {"safety": "cannot_judge"}}, "needs one mark"),
    ],
)
def test_a_verdict_with_something_missing_is_refused_and_nothing_is_stored(store, kit, lease, marks, fields, hint):
    with pytest.raises(Refused, match=hint):
        submit(store, lease.slot, "ana", lease.fence, kit.said(*marks, **fields), "k")
    assert status(store, "default").slots["leased"] == 1


def test_eight_wide_characters_are_a_rationale(store, kit, lease):
    assert submit(store, lease.slot, "ana", lease.fence, kit.said(rationale="根拠が文脈に見当たらない"), "k").verdict


def test_the_same_submission_twice_is_stored_once_and_another_body_is_refused(store, kit, lease):
    first = submit(store, lease.slot, "ana", lease.fence, kit.said(), "key")
    again = submit(store, lease.slot, "ana", lease.fence, kit.said(), "key")
    assert (again.verdict, again.replayed) == (first.verdict, True)
    with pytest.raises(KeyReused):
        submit(store, lease.slot, "ana", lease.fence, kit.said(4, 5, 5, 5, 5), "key")
    with pytest.raises(KeyReused):
        submit(store, lease.slot, "ana", lease.fence, kit.said(rationale="another rationale altogether"), "key")


def test_a_key_of_one_slot_does_not_serve_for_another(store, kit, lease):
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "key")
    other = claim(store, "default", "ana")
    with pytest.raises(KeyReused):
        submit(store, other.slot, "ana", other.fence, kit.said(), "key")


def test_two_people_may_use_the_same_key(store, kit, lease):
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "key")
    other = claim(store, "default", "ben")
    assert not submit(store, other.slot, "ben", other.fence, kit.said(), "key").replayed


@pytest.mark.parametrize(("who", "ahead"), [("ben", 0), ("ana", 1), ("ana", -1)])
def test_only_the_holder_with_the_present_fence_may_submit(store, kit, lease, who, ahead):
    with pytest.raises(LeaseLost):
        submit(store, lease.slot, who, lease.fence + ahead, kit.said(), "k")


def test_a_second_verdict_under_another_key_finds_the_slot_gone(store, kit, lease):
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    with pytest.raises(LeaseLost):
        submit(store, lease.slot, "ana", lease.fence, kit.said(), "k2")


def test_an_unknown_slot_is_not_found(store, kit, lease):
    with pytest.raises(NotFound):
        submit(store, 99, "ana", 1, kit.said(), "k")


def test_a_draft_is_mine_and_goes_when_the_verdict_is_stored(store, kit, lease):
    save_draft(store, lease.slot, "ana", lease.fence, {"rationale": "so far"})
    save_draft(store, lease.slot, "ana", lease.fence, {"rationale": "further"})
    save_draft(store, lease.slot, "ben", lease.fence, {"rationale": "not mine"})
    assert desk(store, lease.slot, "ana").draft == {"rationale": "further"}
    assert status(store, "default", "ana").drafts == ()
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    assert status(store, "default", "ana").drafts == ()


def test_a_verdict_names_what_was_shown(store, kit, lease):
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    with store.read() as connection:
        row = connection.execute(select(schema.verdict)).one()
    assert (row.payload_sha256, row.redaction_version) == (lease.shown.payload_sha256, lease.shown.redaction_version)
    assert (row.fence, row.late, row.round) == (lease.fence, False, "live")


def test_the_item_is_locked_before_the_key_is_looked_up_and_the_slot_after_both(store, kit, lease):
    seen = []
    event.listen(store._writer, "before_cursor_execute", lambda c, cur, sql, *rest: seen.append(sql))
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")

    def place(*words):
        return next(n for n, sql in enumerate(seen) if all(word in sql for word in words))

    order = [
        place("FROM item"), place("FROM verdict", "idem_key"), place("UPDATE slot"), place("INSERT INTO verdict"),
        place("FROM audit_head"), place("INSERT INTO decision") if any("INTO decision" in sql for sql in seen) else 10**6,
    ]  # fmt: skip
    assert order == sorted(order)
    if not store.is_sqlite:
        assert "FOR UPDATE" in seen[order[0]]
        assert "FOR UPDATE" in seen[order[4]]
