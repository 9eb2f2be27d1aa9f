"""The queue against a model of it: whatever order people, clocks and retries come in, both agree on every step."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from traceeval.errors import LeaseLost
from traceeval.review import (
    Lease,
    Nothing,
    Store,
    beat,
    claim,
    decline,
    provisional,
    schema,
    show,
    submit,
    verify,
    void,
)

PEOPLE = st.sampled_from(["ana", "ben", "cy", "dee", "eve"])
MARK = st.sampled_from([5, 4, 2])


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
    seen: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


def machine(kit):
    class Queue(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.folder = tempfile.TemporaryDirectory()
            self.clock = kit.Clock()
            self.store = Store(f"sqlite:///{Path(self.folder.name) / 'r.db'}", clock=self.clock)
            kit.fill(self.store, kit.unit(1), kit.unit(2, k=1), kit.unit(3), recheck_share=0.0)
            self.world = World(slots={1: Slot(1), 2: Slot(1), 3: Slot(2), 4: Slot(3), 5: Slot(3)})

        def expire(self):
            for slot in self.world.slots.values():
                if slot.state == "leased" and slot.until < self.clock.now:
                    slot.state, slot.holder = "open", None

        @rule(who=PEOPLE)
        def claim(self, who):
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
            else:
                assert isinstance(got, Lease)
                slot = slots[got.slot]
                assert (got.item, got.slot) == min(fit)
                assert got.fence == slot.fence + 1
                slot.state, slot.holder, slot.last, slot.fence = "leased", who, who, got.fence
                slot.until = self.clock.now + kit.TTL
                self.world.seen.setdefault(who, []).append((got.slot, got.fence))

        @rule(who=PEOPLE, mark=MARK, back=st.integers(0, 2), key=st.sampled_from(["", "again"]))
        def submit(self, who, mark, back, key):
            """With any lease they ever had, live or long gone."""
            leases = self.world.seen.get(who, [])
            if len(leases) <= back:
                return
            number, fence = leases[-1 - back]
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
                return
            if not live and not late:
                with pytest.raises(LeaseLost):
                    submit(self.store, number, who, fence, said, f"{number}/{fence}/other{key}{back}")
                return
            receipt = submit(self.store, number, who, fence, said, f"{number}/{fence}")
            assert receipt.late == late
            assert submit(self.store, number, who, fence, said, f"{number}/{fence}").replayed
            self.world.acknowledged[number] = receipt.verdict
            slot.state, slot.holder = "submitted", who
            assert receipt.state == self.settled(slot, number, mark)

        def settled(self, slot, number, mark):
            if slot.kind == "adjudicate":
                return "resolved"
            marks = self.world.marks.setdefault(slot.item, [])
            marks.append((number, mark))
            wanted = 1 if slot.item == 2 else 2
            if len(marks) < wanted:
                return "in_review"
            given = [one for _, one in marks]
            if max(given) - min(given) <= 1:
                return "resolved"
            self.world.slots[max(self.world.slots) + 1] = Slot(slot.item, "adjudicate")
            return "disputed"

        @rule(who=PEOPLE)
        def decline(self, who):
            for number, slot in self.world.slots.items():
                if slot.state == "leased" and slot.holder == who:
                    decline(self.store, number, who, slot.fence, "expertise")
                    slot.state, slot.holder, slot.last = "open", None, None
                    self.world.refused.add((who, slot.item))
                    return

        @rule(who=PEOPLE, other=PEOPLE)
        def beat(self, who, other):
            for number, slot in self.world.slots.items():
                if slot.state == "leased" and slot.holder == who:
                    if other == who:
                        slot.until = beat(self.store, number, who, slot.fence)
                    else:
                        with pytest.raises(LeaseLost):
                            beat(self.store, number, other, slot.fence)

        @rule(number=st.integers(1, 5))
        def void(self, number):
            slot = self.world.slots[number]
            if slot.state != "submitted" or show(self.store, slot.item, "lead").state in ("resolved", "indeterminate"):
                return
            for pending in self.world.slots.values():
                if pending.item == slot.item and pending.kind == "adjudicate" and pending.state in ("open", "leased"):
                    pending.state = "void"
            new = void(self.store, number, "lead", "a test of voiding")
            slot.state = "void"
            marks = self.world.marks[slot.item]
            self.world.marks[slot.item] = [pair for pair in marks if pair[0] != number]
            self.world.slots[new] = Slot(slot.item)

        @rule(minutes=st.sampled_from([1, 10, 21]))
        def wait(self, minutes):
            self.clock.now += 60 * minutes

        @invariant()
        def the_database_agrees(self):
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
            assert verify(self.store).problem is None
            self.store.close()
            self.folder.cleanup()

    return Queue


def compare(kit, sequences, steps):
    calm = settings(
        max_examples=sequences,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(machine(kit), settings=calm)


def test_the_queue_does_what_its_model_does(kit):
    compare(kit, 15, 30)


@pytest.mark.soak
def test_the_queue_does_what_its_model_does_in_two_thousand_sequences_of_fifty_steps(kit):
    compare(kit, 2000, 50)
