"""REP-1: a call repeated although nothing could have changed its result."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed, same_arguments, unknown
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import named
from traceeval.model import Basis, Component, Finding
from traceeval.registry import diagnosis

CODE = "planner.repeated_call"


@diagnosis(
    CODE,
    severity=2,
    id="REP-1",
    needs=("effect", "entity", "volatile"),
)
def repeated_call(dossier: Dossier) -> Iterator[Finding]:
    """An equal call succeeded before and nothing wrote to its entity strictly between.

    Not meant: polling (volatile, or the result changed), a retry after an error, scratch tools, a user's turn between.
    """
    calls = executed(dossier)
    if len({call.name for call in calls}) == len(calls):
        return
    last: dict[bytes, Call] = {}
    for call in calls:
        key = same_arguments(call)
        before = last.get(key)
        last[key] = call
        if before is None or before.ok is not True or _excused(call, before):
            continue
        if call.spec.effect == "unknown":
            yield unknown(
                dossier,
                CODE,
                Component.PLANNER,
                2,
                call,
                f"{call.name} was repeated; its effect is unknown",
                f"tools.{call.name}.effect",
            )
        elif not call.changes and not _changed(dossier, before, call):
            yield about(
                dossier,
                CODE,
                Component.PLANNER,
                2,
                call,
                f"{call.name} was called again with equal arguments",
                inferred=call.spec.basis is Basis.INFERRED,
            )


def _excused(call: Call, before: Call) -> bool:
    moved = before.result is not None and call.result is not None and before.result != call.result
    return bool(call.spec.volatile) or call.name in named("scratch") or moved or call.turn != before.turn


def _changed(dossier: Dossier, before: Call, call: Call) -> bool:
    """Whether anything between may have written to the entity."""
    book = dossier.graph.entities
    return next(book.may_write(book.of(call), before.at, call.at), None) is not None
