"""An alarm pauses new slots and asks the lead; nothing is voided, and clearing it begins anew."""

import pytest
from sqlalchemy import func, select

from traceeval.errors import NotFound, Refused
from traceeval.review import Lease, claim, schema, submit, verify
from traceeval.review.drift import alarms, clear_alarm
from traceeval.review.gold import GoldItem, add_gold
from traceeval.review.subjects import prepare

RIGHT = dict.fromkeys(("groundedness", "tool_use", "trajectory", "safety", "accuracy"), 5)
WRONG = {"reasons": {"accuracy": "wrong"}, "evidence": ("s1",)}


@pytest.fixture
def gold_queue(store, kit):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(4)), gold_share_first=1.0)
    made = [kit.unit(number) for number in range(1000, 1012)]
    subjects = [prepare(one.sha256, one.trace, one.payload) for one in made]
    add_gold(store, "default", "expert", [GoldItem(subject=one, marks=RIGHT) for one in subjects])


def judge(store, kit, who, times, *marks, **fields):
    for _ in range(times):
        lease = claim(store, "default", who)
        submit(store, lease.slot, who, lease.fence, kit.said(*marks, **fields), f"{who}/{lease.slot}")


def test_four_gold_items_missed_in_a_row_pause_a_person_and_nothing_else(store, kit, gold_queue):
    judge(store, kit, "ana", 3, 5, 5, 5, 5, 2, **WRONG)
    assert alarms(store, "default") == []
    judge(store, kit, "ana", 1, 5, 5, 5, 5, 2, **WRONG)
    (alarm,) = alarms(store, "default")
    assert (alarm.handle, alarm.signal, alarm.cleared) == ("ana", "gold", None)
    assert alarm.value == pytest.approx(4.4)
    refused = claim(store, "default", "ana")
    assert "a lead looks at your recent verdicts" in refused.why
    assert isinstance(claim(store, "default", "ben"), Lease)
    with store.read() as connection:
        slot = schema.slot
        void = select(func.count()).select_from(slot).where(slot.c.state == "void")
        assert connection.execute(void).scalar_one() == 0
    assert verify(store).problem is None


def test_a_lead_clears_an_alarm_with_a_reason_and_the_count_begins_anew(store, clock, kit, gold_queue):
    judge(store, kit, "ana", 4, 5, 5, 5, 5, 2, **WRONG)
    (alarm,) = alarms(store, "default")
    with pytest.raises(Refused, match="say why"):
        clear_alarm(store, alarm.id, "lead", " ")
    clock.now += 60
    clear_alarm(store, alarm.id, "lead", "we talked it over")
    with pytest.raises(NotFound):
        clear_alarm(store, alarm.id, "lead", "we talked it over")
    clock.now += 60
    judge(store, kit, "ana", 3, 5, 5, 5, 5, 2, **WRONG)
    assert alarms(store, "default") == []
    assert [one.cleared for one in alarms(store, "default", standing=False)] == ["we talked it over"]


def test_copied_rationales_raise_an_alarm_at_the_tenth_verdict(store, kit):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(12)), watch=True)
    judge(store, kit, "ana", 9)
    assert alarms(store, "default") == []
    judge(store, kit, "ana", 1)
    assert [(one.signal, one.value) for one in alarms(store, "default")] == [("copied", 10.0)]
    assert not isinstance(claim(store, "default", "ana"), Lease)


def test_a_queue_may_watch_nobody(store, kit):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(12)), watch=False)
    judge(store, kit, "ana", 11)
    assert alarms(store, "default") == []
