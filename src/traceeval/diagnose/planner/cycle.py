"""CYC-1: going round in circles without learning anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from traceeval.diagnose._calls import about, executed, guessed
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import named
from traceeval.model import Component, Evidence, Finding
from traceeval.registry import diagnosis

CODE = "planner.cycle"
RECURS = 2
GROWTH = 3  # new words or values from which on the agent has learnt something


@dataclass(slots=True)
class _Round:
    first: Call
    last: Call
    recurred: int = 0


@diagnosis(CODE, severity=3, id="CYC-1", subsumes=("planner.repeated_call",), needs=("effect", "entity", "volatile"))
def cycle(dossier: Dossier) -> Iterator[Finding]:
    """A call of the same tool, with the same kinds of argument, on entities nobody changed, comes back a second time.

    And all that was observed since its first time holds fewer than three new words or values. Exploring similar pages
    brings facts, so it is none, nor are calls of one message; a user's turn, a changed entity, a poll and a failed call
    start afresh.
    """
    calls = executed(dossier)
    if max(Counter([call.name for call in calls]).values(), default=0) <= RECURS:
        return
    rounds: dict[object, _Round] = {}
    for call in calls:
        if call.ok is not True or call.spec.volatile or call.changes or call.name in named("scratch"):
            continue
        sign = _sign(dossier, call)
        seen = rounds.get(sign)
        if seen is not None and call.batch is not None and call.batch == seen.last.batch:
            continue
        if seen is None or _learnt(dossier, seen.first, call) >= GROWTH:
            rounds[sign] = _Round(call, call)
            continue
        seen.recurred, seen.last = seen.recurred + 1, call
        if seen.recurred == RECURS:
            first = Evidence(span=seen.first.span, field="call", quote=seen.first.name)
            text = f"{call.name} was called for the third time and nothing new had been learnt since the first"
            inferred = guessed(call, "volatile")
            yield about(dossier, CODE, Component.PLANNER, 3, call, text, first, inferred=inferred)


def _learnt(dossier: Dossier, first: Call, call: Call) -> int:
    """How many new words and values were observed between the results of two calls."""
    facts = dossier.graph.observed.facts
    return facts(call.at + 0.5) - facts(first.at + 0.5)


def _sign(dossier: Dossier, call: Call) -> object:
    """What makes two calls the same move: tool, names of arguments, entities and their versions, the user's turn."""
    arguments = tuple(sorted(call.arguments)) if isinstance(call.arguments, dict) else call.raw
    return call.name, arguments, dossier.graph.entities.versions(call), call.turn
