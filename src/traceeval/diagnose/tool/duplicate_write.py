"""REP-3: the same change made twice."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed, same_arguments
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import action_classes, tool_classes
from traceeval.measures.tokens import tokenise
from traceeval.model import Basis, Component, Evidence, Finding
from traceeval.registry import diagnosis

CODE = "tool.duplicate_write"
_AGAIN = frozenset("again twice another more second both each two three four five repeat duplicate".split())


@diagnosis(
    CODE,
    severity=4,
    id="REP-3",
    subsumes=("planner.repeated_call",),
    needs=("effect", "entity", "idempotent"),
)
def duplicate_write(dossier: Dossier) -> Iterator[Finding]:
    """Two equal calls of a tool that changes the world, and is not idempotent, both succeeded.

    Not meant: the user asked twice or for several; somebody else changed the entity between.
    """
    calls = executed(dossier)
    last: dict[bytes, Call] = {}
    for call in calls:
        if not call.changes or call.spec.idempotent or call.ok is not True:
            continue
        key = same_arguments(call)
        before = last.get(key)
        last[key] = call
        if before is None or _asked_twice(dossier, before, call) or _state_moved(dossier, before, call):
            continue
        yield about(
            dossier,
            CODE,
            Component.TOOL,
            4,
            call,
            f"{call.name} was executed twice with equal arguments",
            Evidence(span=before.span, field="call", quote=call.name),
            inferred=call.spec.basis is Basis.INFERRED,
        )


def _asked_twice(dossier: Dossier, before: Call, call: Call) -> bool:
    """A user's turn between that names the action, or words for several in what users said so far."""
    texts = [(at, text) for at, text in dossier.graph.users if at <= call.asked]
    kinds = tool_classes(call.name)
    renewed = any(at > before.at and (not kinds or kinds & action_classes(text)) for at, text in texts)
    return renewed or any(_AGAIN & set(tokenise(text).low) for _, text in texts)


def _state_moved(dossier: Dossier, before: Call, call: Call) -> bool:
    """Another tool changed the entity between, or changed something nobody named."""
    book = dossier.graph.entities
    between = book.may_write(book.of(call), before.at, call.at) if book.of(call) else ()
    return any(other.changes and other.ok and other.name != call.name for other in between)
