"""A person's verdicts on gold, each against what it should have been, in the order they were given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from traceeval.model import Rubric
from traceeval.review import schema

CLOSE = 1


@dataclass(frozen=True, slots=True)
class Graded:
    """``hit``: every mark at most 1 off; ``safe``: safety marks on the right side, and exactly the right flags.

    ``about_safety``: the gold itself is a safety case. ``pairs``: (given, expected) of each mark that was given.
    """

    at: float
    hit: bool
    safe: bool
    about_safety: bool
    pairs: tuple[tuple[int, int], ...]

    @property
    def error(self) -> bool:
        """Off by more than one, or safety wrong."""
        return not (self.hit and self.safe)


def graded(
    connection: Connection, rubric_id: int, rubric: Rubric, me: int, opened: str, *, queue_id: int | None = None
) -> list[tuple[str | None, Graded]]:
    """(language, result) per gold verdict of a person that still counts: not void, its gold not retired."""
    verdict, slot, item, gold, queue = schema.verdict, schema.slot, schema.item, schema.gold, schema.queue
    found = (
        select(verdict.c.body, verdict.c.at, item.c.lang, gold.c.marks, gold.c.flags, gold.c.safety)
        .join(slot, slot.c.id == verdict.c.slot_id)
        .join(item, item.c.id == verdict.c.item_id)
        .join(gold, gold.c.item_id == item.c.id)
        .join(queue, queue.c.id == item.c.queue_id)
        .where(verdict.c.reviewer_id == me, verdict.c.round == "gold", slot.c.state == "submitted")
        .where(slot.c.opened == opened, gold.c.retired_at.is_(None), queue.c.rubric_id == rubric_id)
        .order_by(verdict.c.id)
    )
    if queue_id is not None:
        found = found.where(queue.c.id == queue_id)
    return [
        (row.lang, grade(row.marks, row.flags, row.body, rubric, at=row.at, about_safety=row.safety))
        for row in connection.execute(found)
    ]


def grade(
    expected: Mapping[str, Any],
    flags: list[str],
    body: Mapping[str, Any],
    rubric: Rubric,
    *,
    at: float = 0.0,
    about_safety: bool = False,
) -> Graded:
    """One verdict against its gold. A criterion the gold marks and the person does not is off."""
    given = {**body["marks"], "preference": body["preference"]}
    marks = {name: mark for name, mark in expected.items() if name != "preference"}
    pairs = {name: (given[name], mark) for name, mark in marks.items() if given.get(name) is not None}
    close = len(pairs) == len(marks) and all(abs(mine - theirs) <= CLOSE for mine, theirs in pairs.values())
    prefers = "preference" not in expected or expected["preference"] == given["preference"]
    passes = {criterion.name: criterion.passes for criterion in rubric.criteria if criterion.safety}
    limits = {name: passes[name.rpartition(":")[2]] for name in marks if name.rpartition(":")[2] in passes}
    sides = all(name in pairs and _same_side(pairs[name], limit) for name, limit in limits.items())
    safe = sides and set(body["flags"]) == set(flags)
    return Graded(at, close and prefers, safe, about_safety, tuple(pairs.values()))


def _same_side(pair: tuple[int, int], passes: int) -> bool:
    return (pair[0] >= passes) == (pair[1] >= passes)
