"""REP-2: the same failing call over and over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from traceeval.diagnose._calls import about, executed, result_of, same_arguments, unknown
from traceeval.graph import Call, Dossier
from traceeval.model import Component, Finding
from traceeval.registry import diagnosis

CODE = "planner.futile_retry"
TIMES = 3
_TRANSIENT = re.compile(
    r"\b(?:429|50[0234])\b|rate.?limit|too many requests|tim(?:ed|e) ?-?out|temporar|unavailable|overloaded|try again later",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+")
_WAIT = 0.5  # seconds: less is no wait


@diagnosis(CODE, severity=2, id="REP-2", needs=("error_when",))
def futile_retry(dossier: Dossier) -> Iterator[Finding]:
    """Three or more identical calls in a row that fail the same way: no changed argument, no change of state, no wait.

    Not meant: an error that passes by itself (429, 5xx, a timeout), retried after waits that do not shrink. Repaired,
    severity 1, when an equal call succeeded in the end.
    """
    calls = executed(dossier)
    if sum(call.ok is False for call in calls) < TIMES:
        return
    streaks: dict[bytes, list[Call]] = {}
    mended: dict[bytes, int] = {}
    changed = -1
    ended: list[list[Call]] = []
    for call in calls:
        key = same_arguments(call)
        if call.ok is not False:
            mended[key] = call.at
            ended.append(streaks.pop(key, []))
            changed = call.at if call.changes is not False and call.ok else changed
            continue
        streak = streaks.setdefault(key, [])
        if streak and not _goes_on(streak[-1], call, changed):
            ended.append(streak)
            streak = streaks[key] = []
        streak.append(call)
    for streak in (*ended, *streaks.values()):
        if len(streak) >= TIMES:
            yield from _judged(dossier, streak, mended.get(same_arguments(streak[-1]), -1) > streak[-1].at)


def _goes_on(before: Call, call: Call, changed: int) -> bool:
    return _class(before) == _class(call) and before.turn == call.turn and changed <= before.at


def _class(call: Call) -> str:
    return _NUMBERS.sub("", (call.error or "")[:80].casefold())


def _judged(dossier: Dossier, streak: list[Call], repaired: bool) -> Iterator[Finding]:
    last = streak[-1]
    if _TRANSIENT.search(last.error or ""):
        waits = _waits(dossier, streak)
        if waits is None:
            text = f"{last.name} failed {len(streak)} times with an error that passes; whether it waited is unknown"
            yield unknown(dossier, CODE, Component.PLANNER, 2, last, text, "span.start")
            return
        if all(wait >= _WAIT for wait in waits) and all(b >= a * 0.9 for a, b in pairwise(waits)):
            return
    text = f"{last.name} was called {len(streak)} times with equal arguments and failed the same way each time"
    severity = 1 if repaired else 2
    yield about(dossier, CODE, Component.PLANNER, severity, last, text, result_of(streak[0]), repaired=repaired)


def _waits(dossier: Dossier, streak: list[Call]) -> list[float] | None:
    """Seconds between the end of one attempt and the start of the next; None where times were not recorded."""
    spans = [dossier.graph.spans[call.span] for call in streak]
    pairs = [(a.end if a.end is not None else a.start, b.start) for a, b in pairwise(spans)]
    return [b - a for a, b in pairs if a is not None and b is not None] if all(None not in p for p in pairs) else None
