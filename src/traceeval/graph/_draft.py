"""Annotations drafted from recorded traces, each with the evidence for it, for a person to confirm.

A draft guesses more than ``evaluate`` does without a file: here somebody reads it before it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from traceeval.graph._call import Call
from traceeval.graph._dialogue import affirms
from traceeval.graph._infer import infer_effect, infer_roles, infer_tool, properties_of, reading_of
from traceeval.graph._lexicon import listed, telling, words_of
from traceeval.graph._trace_graph import TraceGraph
from traceeval.model import CHANGING, Effect, Json, ToolOffer, text_of

_ENCODER = msgspec.json.Encoder(order="deterministic")
_OFTEN, _FEW = 5, 3
_PAYLOAD = 200
_MOST_TOOLS, _LONGEST = 100, 200


@dataclass(frozen=True, slots=True)
class Line:
    """One drafted field. ``sure`` False: too little speaks for it to stand; it is shown as a proposal."""

    field: str
    value: Json
    why: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """What one tool seems to be. ``seen``: its calls in words."""

    name: str
    seen: str
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Notes:
    """What the calls of one tool showed."""

    calls: int = 0
    ok: int = 0
    failed: int = 0
    offer: ToolOffer | None = None
    arguments: Counter[str] = field(default_factory=Counter)
    same: int = 0
    moved: int = 0
    payloads: int = 0
    agreed: int = 0
    last: int = 0
    traces: int = 0
    before: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)


class Drafts:
    """Notes of all tools, trace by trace; linear in the calls."""

    def __init__(self) -> None:
        self.notes: dict[str, Notes] = {}
        self.traces = 0

    def take(self, graph: TraceGraph) -> None:
        """Learn from one trace."""
        self.traces += 1
        for name, offer in graph.book.offered.items():
            self._of(name).offer = offer
        done = [call for call in graph.calls if call.executed]
        succeeded: set[str] = set()
        reads: dict[str, set[str]] = {}
        earlier: dict[bytes, Call] = {}
        for number, call in enumerate(done):
            notes = self._of(call.name)
            self._count(notes, graph, call, number == len(done) - 1)
            if len(succeeded) <= _MOST_TOOLS:
                notes.before.update(succeeded - {call.name})
            entities = graph.entities.of(call)
            notes.read.update({name for entity in entities for name in reads.get(entity, ())})
            _compare(notes, graph, earlier, call)
            if call.ok:
                succeeded.add(call.name)
                if not call.changes:
                    for entity in entities:
                        reads.setdefault(entity, set()).add(call.name)
        for name in {call.name for call in done}:
            self.notes[name].traces += 1

    def all(self) -> Iterator[Draft]:
        """A draft of every tool that was called or offered, by name."""
        for name, notes in sorted(self.notes.items()):
            yield _draft(name, notes)

    def _of(self, name: str) -> Notes:
        return self.notes.setdefault(name, Notes())

    @staticmethod
    def _count(notes: Notes, graph: TraceGraph, call: Call, last: bool) -> None:
        notes.calls += 1
        notes.ok += call.ok is True
        notes.failed += call.ok is False
        notes.last += last
        notes.arguments.update(map(str, call.arguments) if isinstance(call.arguments, dict) else ())
        notes.payloads += call.ok is True and _is_payload(text_of(call.result) or "")
        turn = graph.users[call.turn - 1][1] if call.turn else ""
        notes.agreed += affirms(turn)
        agent = graph.spans[call.span].agent
        if agent:
            notes.agents[agent] += 1


def _compare(notes: Notes, graph: TraceGraph, earlier: dict[bytes, Call], call: Call) -> None:
    """Whether an equal call, with nothing possibly written between, gave another result."""
    if call.ok is not True or text_of(call.result) is None:
        return
    key = _ENCODER.encode((call.name, call.arguments))
    before = earlier.get(key)
    earlier[key] = call
    if before is None or next(graph.entities.may_write(frozenset(), before.at, call.at), None) is not None:
        return
    if text_of(before.result) == text_of(call.result):
        notes.same += 1
    else:
        notes.moved += 1


def _is_payload(text: str) -> bool:
    """A result that tells something, and does not only say that it is done."""
    if len(text) > _PAYLOAD:
        return True
    return text.lstrip().startswith(("[", "{")) and text.count(":") >= _FEW


def _draft(name: str, notes: Notes) -> Draft:
    failed = f", {notes.failed} failed" if notes.failed else ""
    seen = f"{notes.calls} calls, {notes.ok} succeeded{failed}" if notes.calls else "offered, never called"
    effect, _ = infer_effect(name, notes.offer)
    lines = [
        _effect(name, notes, effect),
        *(_of_change(name, notes) if effect in CHANGING else _of_look(name, notes, effect)),
        *_arguments(notes),
        *_habits(notes, effect),
    ]
    return Draft(name, seen, tuple(lines))


def _effect(name: str, notes: Notes, effect: Effect) -> Line:
    if effect == "unknown":
        why = "neither its name nor its description tells"
        if notes.payloads == notes.ok and notes.ok >= _FEW:
            return Line("effect", "read", f"{why}; all {notes.ok} results look like records", sure=False)
        return Line("effect", "read", f"{why}: pure, read, write, external or privileged?", sure=False)
    bare, verb = infer_effect(name)[0], reading_of(name).verb
    hints = ", ".join(sorted((notes.offer.hints if notes.offer is not None and notes.offer.hints else {}).keys()))
    why = (
        (f"by its name: {verb}" if verb else "by its name")
        if bare == effect
        else "by its description, arguments or hints"
    )
    return Line("effect", effect, why + (f" (hints: {hints})" if hints and bare != effect else ""))


def _of_change(name: str, notes: Notes) -> Iterator[Line]:
    spec = infer_tool(name, notes.offer)
    settled = reading_of(name).verb in listed("same")
    if spec.idempotent is False:
        yield Line("idempotent", False, "doing it twice is not doing it once")
    elif settled:
        yield Line("idempotent", True, "by its verb: what is set stays set")
    else:
        yield Line("idempotent", False, "is twice as good as once?", sure=False)
    if spec.reversible is False:
        yield Line("reversible", False, "by its verb, it cannot be taken back")
    else:
        yield Line("reversible", True, "can it be undone?", sure=settled)
    agreed = f"the user had just agreed before {notes.agreed} of {notes.calls} calls" if notes.calls else "never called"
    yield Line("confirm", "always", f"always, never, or {{when: condition on arguments}}; {agreed}", sure=False)


def _of_look(name: str, notes: Notes, effect: Effect) -> Iterator[Line]:
    repeats, words = notes.same + notes.moved, frozenset(words_of(name))
    if notes.moved:
        yield Line(
            "volatile", True, f"{notes.moved} of {repeats} equal calls gave another result, nothing written between"
        )
    elif not words.isdisjoint(telling("volatile")):
        yield Line("volatile", True, "by its name")
    elif notes.same:
        yield Line("volatile", False, f"{notes.same} equal calls gave the same result")
    if effect == "pure":
        return
    spec = infer_tool(name, notes.offer)
    why = (
        "by its name, anybody may have written it"
        if spec.output_trust
        else "trusted (yours), user or untrusted (anybody's)?"
    )
    yield Line("output_trust", spec.output_trust or "trusted", why, sure=spec.output_trust is not None)
    yield Line("output_labels", ["pii"], "any of pii, secret, internal; [] for none", sure=False)


def _arguments(notes: Notes) -> Iterator[Line]:
    offered = properties_of(notes.offer.parameters if notes.offer is not None else None)
    names = sorted(name for name in {*map(str, offered), *notes.arguments} if len(name) <= _LONGEST)
    roles = infer_roles(names[:_MOST_TOOLS])
    if not roles:
        return
    ids = [name for name, role in roles.items() if role == "resource"]
    entity = ids or [name for name, role in roles.items() if role == "destination"]
    if entity:
        what = "ids" if ids else "addresses"
        yield Line("entity", entity, f"arguments named like {what}; what does a call touch?")
    free = [name for name, role in roles.items() if role == "free"]
    left = f"; {len(free)} of {len(roles)} say nothing" if free else ""
    yield Line("arg_roles", roles, f"by argument names{left}")


def _habits(notes: Notes, effect: Effect) -> Iterator[Line]:
    """What always went before, who calls it, what it ends: habits that may be rules."""
    if notes.calls >= _OFTEN:
        always = [name for name, count in notes.read.most_common() if count == notes.calls]
        if effect in CHANGING and always:
            yield Line("precondition_reads", always, "read on the same entity before every call", sure=False)
        first = [name for name, count in notes.before.most_common() if count == notes.calls and name not in always]
        if first:
            yield Line("after", first, "had succeeded before every call; a rule?", sure=False)
        if len(notes.agents) == 1:
            yield Line("scope", list(notes.agents), "the only agent that calls it", sure=False)
    if notes.last == notes.calls == notes.traces and notes.calls >= _FEW:
        yield Line("ends", True, f"it was the last call of all {notes.traces} traces", sure=False)
