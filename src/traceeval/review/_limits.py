"""What a queue takes: so many items on average, and languages it is for. Refused before anything of a frame is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from sqlalchemy import Connection, Row, func, select

from traceeval.errors import Refused
from traceeval.review import schema
from traceeval.review._languages import covers
from traceeval.review._rows import setting

TINY = 1e-6


class Stated(Protocol):
    """Something whose language may be stated."""

    @property
    def trace(self) -> str:
        """Its trace's id."""

    @property
    def lang(self) -> str | None:
        """BCP 47; None: nobody said."""


def require_languages(queue: Row[Any], units: Iterable[Stated]) -> None:
    """Let only units of the queue's languages in.

    Raises:
        Refused: one is of another language, or of none that was stated: it is never guessed.
    """
    langs = setting(queue, "langs")
    odd = next((unit for unit in units if not covers(langs, unit.lang)), None) if langs else None
    if odd is not None:
        stated = f"is {odd.lang}" if odd.lang else "states no language"
        raise Refused(
            f"queue {queue.name!r} is for {', '.join(langs)} and trace {odd.trace} {stated}; draw for it with "
            "`traceeval queue draw --lang-field FIELD` (or --lang), which leaves others out"
        )


def require_budget(connection: Connection, queue: Row[Any], seed: str, frame: str, plan: Mapping[str, Any]) -> None:
    """Let a plan in that keeps within the queue's budget, together with what was planned for it before.

    Two plans of one frame with one seed count as the larger: it draws what the smaller one drew, and more.

    Raises:
        Refused: it names no budget, or more would be drawn on average than the queue is for.
    """
    most = setting(queue, "budget")
    if most is None:
        return
    if "budget" not in plan:
        raise Refused(
            f"queue {queue.name!r} is for {most} items and this plan names no number: draw with --budget {most} or less"
        )
    planned = planned_by(connection, queue)
    mine = (seed, str(plan.get("frame", frame)))
    planned[mine] = max(planned.get(mine, 0.0), float(plan["budget"]))
    total = sum(planned.values())
    if total > most + TINY:
        before = total - planned[mine]
        spent = f" beside {before:g} of other frames" if before else ""
        raise Refused(
            f"queue {queue.name!r} is for {most} items: {planned[mine]:g} are asked for{spent}; lower --budget, "
            "or make a queue with a larger one"
        )


def planned_by(connection: Connection, queue: Row[Any]) -> dict[tuple[str, str], float]:
    """Items planned so far, by seed and frame: the budget of a plan, or the sum of its chances where it names none."""
    run, found = schema.selection_run, dict[tuple[str, str], float]()
    rows = select(run.c.id, run.c.seed, run.c.frame_sha256, run.c.plan).where(run.c.queue_id == queue.id)
    for row in connection.execute(rows).all():
        key = (row.seed, str(row.plan.get("frame", row.frame_sha256)))
        budget = row.plan.get("budget")
        found[key] = max(found.get(key, 0.0), _expected(connection, row.id) if budget is None else float(budget))
    return found


def _expected(connection: Connection, run_id: int) -> float:
    unit = schema.selection_unit
    total = select(func.sum(unit.c.pi)).where(unit.c.selection_run_id == run_id)
    return float(connection.execute(total).scalar() or 0.0)
