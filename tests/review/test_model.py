"""The queue against a model of it: whatever order people, clocks and retries come in, both agree on every step."""

import importlib
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from traceeval.errors import KeyReused, LeaseLost, Refused
from traceeval.review import (
    Lease,
    Nothing,
    Store,
    beat,
    claim,
    decline,
    expire,
    provisional,
    schema,
    show,
    submit,
    verify,
    void,
)

NAMES = ["ana", "ben", "cy", "dee", "eve"]
PEOPLE = st.sampled_from(NAMES)
MARK = st.sampled_from([5, 4, 2])
BACK = st.sampled_from([0, 0, 1, 1, 2, 3, 5, 8])
SELDOM = st.sampled_from([False, False, True])
COMMON = "nothing expired live late lost in_review disputed resolved adjudicated"
EVERYTHING = f"{COMMON} beaten foreign declined voided refused"
ASKED = {1: 2, 2: 1, 3: 2, 4: 2, 5: 3, 6: 1, 7: 2}  # item -> people who judge it


@dataclass
class Slot:
    """What the model knows of a slot."""

    item: int
    kind: str = "review"
    state: str = "open"
    fence: int = 0
    holder: str | None = None
    last: str | None = None
    until: float = 0.0


@dataclass
class World:
    """What the model knows of all."""

    slots: dict[int, Slot] = field(default_factory=dict)
    marks: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    refused: set[tuple[str, int]] = field(default_factory=set)
    acknowledged: dict[int, str] = field(default_factory=dict)
    given: list[tuple[str, int, int]] = field(default_factory=list)


def machine(kit, fresh, run):
    class Queue(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            run["sequences"] += 1
            self.clock = kit.Clock()
            self.store = Store(fresh(), clock=self.clock)
            kit.fill(self.store, *(kit.unit(n, k=k) for n, k in ASKED.items()), recheck_share=0.0)
            seats = [item for item, k in ASKED.items() for _ in range(k)]
            self.world = World(slots={number: Slot(item) for number, item in enumerate(seats, 1)})

        def expire(self):
            late = [s for s in self.world.slots.values() if s.state == "leased" and s.until < self.clock.now]
            for slot in late:
                slot.state, slot.holder = "open", None
            run["expired"] += len(late)
            return len(late)

        @rule()
        def tidy(self):
            """What upkeep does."""
            assert expire(self.store) == self.expire()

        @rule(who=PEOPLE)
        def claim(self, who):
            self.take(who)

        @rule(who=PEOPLE, mark=MARK)
        def judge(self, who, mark):
            """What people mostly do."""
            if isinstance(got := self.take(who), Lease):
                self.give(who, got.slot, got.fence, mark, "")

        @rule(team=st.permutations(NAMES))
        def quarrel(self, team):
            """Two who disagree, and a third who decides where nothing else is in the way."""
            for who, mark in zip(team, (5, 2, 5), strict=False):
                self.judge(who, mark)

        @rule(who=PEOPLE, mark=MARK, other=st.none() | PEOPLE)
        def oversleep(self, who, mark, other):
            """Claim, and come back when the lease ran out and somebody else may have come by."""
            if isinstance(got := self.take(who), Lease):
                self.clock.now += kit.TTL + 60
                self.tidy()
                if other is not None:
                    self.take(other)
                self.give(who, got.slot, got.fence, mark, "")

        def take(self, who):
            self.expire()
            slots = self.world.slots
            mine = [n for n, slot in slots.items() if slot.holder == who and slot.state == "leased"]
            had = {slot.item for slot in slots.values() if slot.holder == who}
            fit = [
                (slot.item, n)
                for n, slot in slots.items()
                if slot.state == "open" and slot.item not in had and (who, slot.item) not in self.world.refused
            ]
            got = claim(self.store, "default", who)
            if mine:
                assert got.slot == mine[0]
            elif not fit:
                assert isinstance(got, Nothing)
                run["nothing"] += 1
            else:
                assert isinstance(got, Lease)
                slot = slots[got.slot]
                assert (got.item, got.slot) == min(fit)
                assert got.fence == slot.fence + 1
                slot.state, slot.holder, slot.last, slot.fence = "leased", who, who, got.fence
                slot.until = self.clock.now + kit.TTL
                self.world.given.append((who, got.slot, got.fence))
            return got

        @rule(mark=MARK, back=BACK, key=st.sampled_from(["", "again"]))
        def submit(self, mark, back, key):
            """With any lease that anybody ever had, live or long gone; most often one of the last."""
            if not self.world.given:
                return
            who, number, fence = self.world.given[-1 - back % len(self.world.given)]
            self.give(who, number, fence, mark, key)

        def give(self, who, number, fence, mark, key):
            slot = self.world.slots[number]
            other = any(s.holder == who and n != number for n, s in self.world.slots.items() if s.item == slot.item)
            live = slot.state == "leased" and slot.holder == who and slot.fence == fence
            late = slot.state == "open" and slot.last == who and slot.fence == fence and not other
            fields = {"cause": "ambiguous"} if slot.kind == "adjudicate" else {}
            if mark == 2:
                fields |= {"reasons": {"groundedness": "no source"}, "evidence": ("s1",)}
            said = kit.said(mark, 5, 5, 5, 5, **fields)
            if slot.kind == "adjudicate" and live:
                provisional(self.store, number, who, fence, kit.said())
            if slot.kind == "adjudicate" and late:
                with pytest.raises(Refused, match="provisional"):
                    submit(self.store, number, who, fence, said, f"{number}/{fence}")
                run["refused"] += 1
                return
            if not live and not late:
                with pytest.raises(LeaseLost):
                    submit(self.store, number, who, fence, said, f"{who}/{number}/{fence}/{mark}/{key}/{len(run)}")
                run["lost"] += 1
                return
            receipt = submit(self.store, number, who, fence, said, f"{number}/{fence}")
            assert receipt.late == (late or slot.until < self.clock.now)
            assert submit(self.store, number, who, fence, said, f"{number}/{fence}").replayed
            self.world.acknowledged[number] = receipt.verdict
            slot.state, slot.holder = "submitted", who
            assert receipt.state == self.settled(slot, number, mark)
            run["late" if late else "live"] += 1
            run["adjudicated" if slot.kind == "adjudicate" else receipt.state] += 1

        def settled(self, slot, number, mark):
            if slot.kind == "adjudicate":
                return "resolved"
            marks = self.world.marks.setdefault(slot.item, [])
            marks.append((number, mark))
            if len(marks) < ASKED[slot.item]:
                return "in_review"
            given = [one for _, one in marks]
            if max(given) - min(given) <= 1:
                return "resolved"
            self.world.slots[max(self.world.slots) + 1] = Slot(slot.item, "adjudicate")
            return "disputed"

        @rule(who=PEOPLE, really=SELDOM)
        def decline(self, who, really):
            if really and isinstance(got := self.take(who), Lease):
                decline(self.store, got.slot, who, got.fence, "expertise")
                slot = self.world.slots[got.slot]
                slot.state, slot.holder, slot.last = "open", None, None
                self.world.refused.add((who, slot.item))
                run["declined"] += 1

        @rule(who=PEOPLE, other=st.none() | PEOPLE)
        def beat(self, who, other):
            """The holder's beat, or that of somebody who may not."""
            if not isinstance(got := self.take(who), Lease):
                return
            if other in (None, who):
                self.world.slots[got.slot].until = beat(self.store, got.slot, who, got.fence)
                run["beaten"] += 1
                return
            with pytest.raises(LeaseLost):
                beat(self.store, got.slot, other, got.fence)
            run["foreign"] += 1

        @rule(back=BACK)
        def void(self, back):
            """A verdict of an item that is not settled yet."""
            submitted = [number for number, slot in self.world.slots.items() if slot.state == "submitted"]
            if not submitted:
                return
            number = submitted[-1 - back % len(submitted)]
            slot = self.world.slots[number]
            if show(self.store, slot.item, "lead").state in ("resolved", "indeterminate"):
                return
            for pending in self.world.slots.values():
                if pending.item == slot.item and pending.kind == "adjudicate" and pending.state in ("open", "leased"):
                    pending.state = "void"
            new = void(self.store, number, "lead", "a test of voiding")
            slot.state = "void"
            marks = self.world.marks[slot.item]
            self.world.marks[slot.item] = [pair for pair in marks if pair[0] != number]
            self.world.slots[new] = Slot(slot.item)
            run["voided"] += 1

        @rule(minutes=st.sampled_from([1, 10, 21]))
        def wait(self, minutes):
            self.clock.now += 60 * minutes

        @invariant()
        def the_database_agrees(self):
            run["looks"] += 1
            with self.store.read() as connection:
                slots = connection.execute(select(schema.slot)).all()
                verdicts = {row.slot_id: row.uuid for row in connection.execute(select(schema.verdict))}
                items = {row.id: row.state for row in connection.execute(select(schema.item))}
            assert verdicts == self.world.acknowledged
            for row in slots:
                slot = self.world.slots[row.id]
                assert (row.state, row.fence, row.kind) == (slot.state, slot.fence, slot.kind)
            for item, state in items.items():
                live = [row.kind for row in slots if row.item_id == item and row.state in ("open", "leased")]
                assert (state == "resolved") == (not live)
                assert (state in ("disputed", "adjudicating")) == (live == ["adjudicate"])

        def teardown(self):
            try:
                assert verify(self.store).problem is None
            finally:
                self.store.close()

    return Queue


def compare(kit, fresh, sequences, steps, number=0):
    """How many sequences were walked, and how often database and model were compared; a divergence is raised as it is met."""
    calm = settings(
        max_examples=sequences,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run = Counter()
    run_state_machine_as_test(seed(number)(machine(kit, fresh, run)), settings=calm)
    return run


def missed(run, events):
    """What no sequence came to: a walk that never stores a verdict proves nothing."""
    return [event for event in events.split() if not run[event]]


def test_the_queue_does_what_its_model_does(kit, fresh):
    assert missed(compare(kit, fresh, 5, 50), COMMON) == []


@pytest.mark.soak
@pytest.mark.parametrize("number", range(1, 9))
def test_the_queue_does_what_its_model_does_in_two_thousand_sequences_of_fifty_steps(kit, fresh, figure, number):
    run = compare(kit, fresh, 250, 50, number)
    assert run["sequences"] >= 250
    assert missed(run, EVERYTHING) == []
    rarest = min(EVERYTHING.split(), key=run.__getitem__)
    figure(
        "10 model",
        f"{kit.engine(fresh())}: run {number} of 8: {run['sequences']} sequences, compared {run['looks']:,} times, "
        f"every event met, the rarest ({rarest}) {run[rarest]:,} times: 0 divergences",
    )


def any_fence(slot, me, fence):
    return schema.slot.update().where(schema.slot.c.id == slot, schema.slot.c.reviewer_id == me)


def live_only(connection, slot, me, fence, now):
    done = {"state": "submitted", "lease_until": None}
    if connection.execute(any_fence(slot.id, me, fence).where(schema.slot.c.fence == fence).values(done)).rowcount != 1:
        raise LeaseLost("gone")
    return False


@pytest.mark.parametrize("fresh", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("room", "guard", "broken"),
    [
        pytest.param("submit", "mine", any_fence, marks=pytest.mark.soak, id="no fence"),
        pytest.param("submit", "_take", live_only, marks=pytest.mark.soak, id="late work refused"),
        pytest.param("settle", "_agreed_on", lambda *args: True, id="majority"),
    ],
)
def test_a_queue_that_lost_a_guard_diverges_from_its_model(kit, fresh, monkeypatch, room, guard, broken):
    monkeypatch.setattr(importlib.import_module(f"traceeval.review.{room}"), guard, broken)
    with pytest.raises((AssertionError, KeyReused, LeaseLost, pytest.fail.Exception)):
        compare(kit, fresh, 20, 50)
