"""What a lead may do: every act supersedes, none deletes, and its reason stays on record."""

import pytest
from sqlalchemy import select

from traceeval.errors import LeaseLost, NotFound, Refused
from traceeval.review import (
    Nothing,
    claim,
    erase,
    release,
    reopen,
    schema,
    show,
    submit,
    verify,
    void,
    withdraw,
)


def test_a_resolved_item_is_reopened_as_a_round_for_other_people(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    new = reopen(store, 1, "lead", "the policy changed")
    assert isinstance(claim(store, "default", "ana"), Nothing)
    assert claim(store, "default", "ben").item == new
    assert kit.items(store) == {"in_review": 1}


def test_a_new_round_supersedes_decision_and_labels_and_there_is_no_third(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    new = reopen(store, 1, "lead", "the policy changed")
    kit.give(store, "ben", 4, 4, 4, 4, 4)
    with store.read() as connection:
        assert connection.execute(select(schema.decision.c.supersedes)).scalars().all() == [None, 1]
        told = select(schema.label.c.value, schema.label.c.superseded_by)
        assert {tuple(row) for row in connection.execute(told)} == {(5.0, 2), (4.0, None)}
    with pytest.raises(Refused, match="most"):
        reopen(store, new, "lead", "once more")


def test_an_item_is_reopened_once_and_only_when_resolved(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    with pytest.raises(Refused, match="queued"):
        reopen(store, 1, "lead", "the policy changed")
    kit.give(store, "ana")
    new = reopen(store, 1, "lead", "the policy changed")
    with pytest.raises(Refused, match=f"as item {new}"):
        reopen(store, 1, "lead", "the policy changed")


def test_a_safety_decision_is_reopened_by_two(store, kit):
    kit.fill(store, kit.unit(1, k=1, safety=True))
    kit.give(store, "ana")
    assert reopen(store, 1, "lead", "the policy changed") is None
    assert reopen(store, 1, "lead", "I insist on it") is None
    assert kit.items(store) == {"resolved": 1}
    assert reopen(store, 1, "other lead", "I agree with that") == 2


def test_an_indeterminate_item_is_final(store, kit):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    kit.give(store, "ben", 1, 5, 5, 5, 5, **kit.BAD)
    kit.settle_by(store, "cy", indeterminate=True)
    with pytest.raises(Refused, match="indeterminate"):
        reopen(store, 1, "lead", "once more please")
    with pytest.raises(Refused, match="stays so"):
        withdraw(store, 1, "lead", "personal data")


def test_a_withdrawn_item_is_out_of_reach_for_its_holder_too(store, kit):
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    withdraw(store, 1, "lead", "personal data")
    assert isinstance(claim(store, "default", "ben"), Nothing)
    with pytest.raises(Refused, match="withdrawn"):
        show(store, 1, "ana")
    with pytest.raises(Refused, match="withdrawn"):
        submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")


def test_a_voided_verdict_stays_on_record_and_does_not_count(store, kit):
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    submit(store, lease.slot, "ana", lease.fence, kit.said(1, 5, 5, 5, 5, **kit.BAD), "k")
    void(store, lease.slot, "lead", "wrong rubric read")
    kit.give(store, "ben")
    assert kit.give(store, "cy").state == "resolved"
    with store.read() as connection:
        assert len(connection.execute(select(schema.verdict)).all()) == 3
        assert len(connection.execute(select(schema.decision.c.verdicts)).scalar_one()) == 2


def test_voiding_a_verdict_in_dispute_calls_the_adjudication_off(store, kit):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    lease = claim(store, "default", "ben")
    submit(store, lease.slot, "ben", lease.fence, kit.said(1, 5, 5, 5, 5, **kit.BAD), "k")
    third = claim(store, "default", "cy")
    assert third.kind == "adjudicate"
    new = void(store, lease.slot, "lead", "wrong rubric read")
    with pytest.raises(LeaseLost):
        submit(store, third.slot, "cy", third.fence, kit.said(cause="ambiguous"), "k")
    assert kit.items(store) == {"in_review": 1}
    assert claim(store, "default", "dee").slot == new


@pytest.mark.parametrize("act", [reopen, withdraw, void, release])
def test_every_act_needs_a_reason(store, kit, act):
    kit.fill(store, kit.unit(1, k=1), kit.unit(2))
    kit.give(store, "ana")
    target = 2 if act is withdraw else 1
    with pytest.raises(Refused):
        act(store, target, "lead", " ")


def test_the_reason_stays_on_record(store, kit):
    kit.fill(store, kit.unit(1))
    withdraw(store, 1, "lead", "personal data")
    with store.read() as connection:
        row = connection.execute(select(schema.lead_action)).one()
    assert (row.action, row.about, row.reason) == ("withdraw", "item:1", "personal data")


def test_only_a_blocked_item_that_can_be_shown_is_released(store, kit):
    kit.fill(store, kit.unit(1, payload=b"{"), kit.unit(2))
    for item in (1, 2):
        with pytest.raises(Refused, match="cannot be offered"):
            release(store, item, "lead", "let us try again")


def test_words_are_erased_by_two_and_the_record_still_verifies(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    verdict = kit.give(store, "ana", rationale="the customer is called Bo Example").verdict
    assert not erase(store, f"words:{verdict}", "lead", "names a customer")
    assert not erase(store, f"words:{verdict}", "lead", "names a customer")
    assert erase(store, f"words:{verdict}", "admin", "names a customer")
    assert show(store, 1, "ana").verdicts[0]["rationale"] == "[erased]"
    assert verify(store).problem is None
    with store.read() as connection:
        for table in schema.meta.sorted_tables:
            assert "Bo Example" not in str(connection.execute(select(table)).all())


def test_an_erased_verdict_is_still_replayed_by_its_key(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    receipt = submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    for who in ("lead", "admin"):
        erase(store, f"words:{receipt.verdict}", who, "names a customer")
    assert submit(store, lease.slot, "ana", lease.fence, kit.said(), "k").verdict == receipt.verdict


def test_a_text_is_erased_and_not_shown_again(store, kit):
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    for who in ("lead", "admin"):
        erase(store, f"subject:{kit.unit(1).sha256}", who, "names a customer")
    with pytest.raises(NotFound, match="erased"):
        show(store, 1, "ana")
    assert verify(store).problem is None


def test_there_must_be_something_to_erase(store, kit):
    with pytest.raises(NotFound, match="words:UUID"):
        erase(store, "verdict:1", "lead", "names a customer")
