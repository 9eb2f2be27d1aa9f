"""What a report says of where answers take their facts from: places in the prompt, memory, asking again."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.model import FallbackRow, MaskedRow, PositionCurve, Rate, ReplayTotals
from traceeval.report._numbers import NONE, count, percent, percents, plural

POSITIONS = "Facts in the prompt that the answer uses, by the third of the context they stand in"
FALLBACK = "Right facts that stand nowhere in the prompt"
STATES = {
    "failed": "failed",
    "passed": "passed",
    "score_failed": "score failed",
    "undefined": "undefined",
    "not_applicable": "not applicable",
}
OUTCOMES = {"passed": "right", "failed": "wrong", "unknown": "unknown"}
LEFT_OUT = {"several": "in several thirds", "short": "in contexts too short for thirds"}


def told(rate: Rate) -> str:
    """``83 % (70–91 %)``; a dash without anything to go by."""
    return NONE if rate.value is None else f"{percent(rate.value)} ({percents(rate.low, rate.high)})"


def compensated(row: MaskedRow) -> str:
    """``parametric 4 (51–100 %), user 1 (4–62 %)``: who compensated, most frequent first, shares of the masked."""
    ordered = sorted(row.compensators.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {n:,} ({_interval(row.compensated.get(name))})" for name, n in ordered)


def _interval(rate: Rate | None) -> str:
    return percents(rate.low, rate.high) if rate is not None else NONE


def cells(row: MaskedRow, state: str) -> str:
    """``4 / 2 / 0``: traces of one state of a component by end result, right, wrong and unknown; a dash for none."""
    counts = [row.cells.get(f"{state}_{outcome}", 0) for outcome in OUTCOMES]
    return " / ".join(map(count, counts)) if any(counts) else NONE


def examples_of(row: MaskedRow) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(cell in words, example traces) of every cell that has any."""
    for state, name in STATES.items():
        for outcome, end in OUTCOMES.items():
            ids = row.examples.get(f"{state}_{outcome}", ())
            if ids:
                yield f"{name}, {end}", ids


def fallback_rows(rows: tuple[FallbackRow, ...]) -> tuple[FallbackRow, ...]:
    """Those kinds that came up."""
    return tuple(row for row in rows if row.facts)


def position_notes(curve: PositionCurve) -> Iterator[str]:
    """What is not in the curve."""
    left = [f"{n:,} {LEFT_OUT.get(why, why)}" for why, n in sorted(curve.left_out.items()) if n]
    if left:
        yield f"left out: facts {', '.join(left)}"


def replay_lines(found: ReplayTotals) -> Iterator[str]:
    """What asking again came to."""
    lost = [f"{n:,} {what}" for n, what in ((found.failed, "failed"), (found.skipped, "not made: budget spent")) if n]
    yield f"asked again {plural(found.calls, 'time')}" + (f"; {', '.join(lost)}" if lost else "")
    if found.from_memory.n:
        yield f"of {plural(found.from_memory.n, 'answer')}, {told(found.from_memory)} stay the same without any context"
    if found.unused.n:
        yield (
            f"of {plural(found.unused.n, 'passage')} that answers seemed to rest on, {told(found.unused)} change nothing "
            "when left out"
        )
