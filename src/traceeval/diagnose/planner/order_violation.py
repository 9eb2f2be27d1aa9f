"""ORD-1: first things not first."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed
from traceeval.graph import Call, Dossier
from traceeval.model import Component, Finding
from traceeval.registry import diagnosis

CODE = "planner.order_violation"


@diagnosis(CODE, severity=4, id="ORD-1", needs=("after",))
def order_violation(dossier: Dossier) -> Iterator[Finding]:
    """A call succeeded before any of the tools its annotation puts first (``after``) had.

    Calls of one message have no order, so one of the same message will do. What the tool refused is severity 2.
    """
    calls = executed(dossier)
    if not any(call.spec.after for call in calls):
        return
    first: dict[str, int] = {}
    beside: set[tuple[str | None, str]] = set()
    for call in calls:
        if call.ok:
            first[call.name] = min(call.at, first.get(call.name, call.at))
            beside.add((call.batch, call.name))
    told: set[tuple[str, str]] = set()
    for call in calls:
        missing = next((one for one in _groups(call) if not _done(call, one, first, beside)), None)
        if missing is None or (call.name, "|".join(missing)) in told:
            continue
        told.add((call.name, "|".join(missing)))
        severity = 2 if call.ok is False else 4
        text = f"{call.name} was called before {' or '.join(missing)} had succeeded"
        yield about(dossier, CODE, Component.PLANNER, severity, call, text)


def _groups(call: Call) -> Iterator[tuple[str, ...]]:
    for one in call.spec.after or ():
        yield (one,) if isinstance(one, str) else tuple(one)


def _done(call: Call, names: tuple[str, ...], first: dict[str, int], beside: set[tuple[str | None, str]]) -> bool:
    if any(first.get(name, call.at) < call.at for name in names):
        return True
    return call.batch is not None and any((call.batch, name) in beside for name in names)
