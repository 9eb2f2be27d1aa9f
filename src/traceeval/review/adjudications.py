"""What adjudication came to: how often seeing the others changed a blind verdict, with whom it ended, and why people differed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from traceeval.review import schema
from traceeval.review._rows import queue_row
from traceeval.review.store import Store

_SAID = ("marks", "flags", "preference")


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``; no share of nothing is told."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Adjudications:
    """Every decision of a third person. ``changed``: blind verdicts that differ from the final one (anchoring).

    ``first``, ``second``: marks equal to those of whom judged first and second; ``causes``: cause -> criterion the two
    differed on -> decisions, ``""`` where they differed on no criterion (a flag, a preference, a routine check).
    """

    decided: int
    indeterminate: int
    changed: Share
    first: Share
    second: Share
    causes: Mapping[str, Mapping[str, int]]


def adjudications(store: Store, queue: str) -> Adjudications:
    """Over all rounds of a queue; what a later one superseded counts too, for it was said.

    Raises:
        NotFound: no such queue.
    """
    with store.read() as connection:
        mine = queue_row(connection, queue).id
        decisions, bodies = _decisions(connection, mine), _bodies(connection, mine)
    outcomes = Counter(row.outcome for row in decisions)
    turned = sum(_differs(bodies[row.provisional], bodies[row.verdicts[-1]]) for row in decisions)
    return Adjudications(
        outcomes["decided"],
        outcomes["indeterminate"],
        Share(turned, len(decisions)),
        _equal(decisions, bodies, 0),
        _equal(decisions, bodies, 1),
        _causes(decisions, bodies),
    )


def _decisions(connection: Connection, queue_id: int) -> Sequence[Row[Any]]:
    decision, item = schema.decision, schema.item
    found = select(decision).join(item, item.c.id == decision.c.item_id)
    mine = (item.c.queue_id == queue_id, decision.c.method == "adjudicated")
    return connection.execute(found.where(*mine).order_by(decision.c.id)).all()


def _bodies(connection: Connection, queue_id: int) -> dict[str, dict[str, Any]]:
    """What was said of items that a third person decided, blind steps too, by its uuid."""
    verdict, step, slot, decision, item = (
        schema.verdict,
        schema.slot_step,
        schema.slot,
        schema.decision,
        schema.item,
    )
    settled = (
        select(decision.c.item_id)
        .join(item, item.c.id == decision.c.item_id)
        .where(item.c.queue_id == queue_id, decision.c.method == "adjudicated")
    )
    verdicts = select(verdict.c.uuid, verdict.c.body).where(verdict.c.item_id.in_(settled))
    steps = select(step.c.uuid, step.c.body).join(slot, slot.c.id == step.c.slot_id).where(slot.c.item_id.in_(settled))
    return {row.uuid: row.body for found in (verdicts, steps) for row in connection.execute(found)}


def _differs(blind: Mapping[str, Any], final: Mapping[str, Any]) -> bool:
    return final.get("indeterminate", False) or any(
        (blind.get(name) or None) != (final.get(name) or None) for name in _SAID
    )


def _equal(decisions: Sequence[Row[Any]], bodies: Mapping[str, Mapping[str, Any]], place: int) -> Share:
    """Marks of decisions, over criteria that both marked, equal to those of the ``place``-th reviewer."""
    pairs = [
        (mark, theirs[name])
        for row in decisions
        if row.outcome == "decided" and len(row.verdicts) > place + 1
        for theirs in (bodies[row.verdicts[place]]["marks"],)
        for name, mark in row.marks.items()
        if name in theirs
    ]
    return Share(sum(one == other for one, other in pairs), len(pairs))


def _causes(decisions: Sequence[Row[Any]], bodies: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in decisions:
        said = [bodies[one]["marks"] for one in row.verdicts[:-1]]
        names = sorted({name for marks in said for name in marks})
        apart = [name for name in names if len({marks.get(name) for marks in said}) > 1]
        found[row.cause].update(apart or [""])
    return {cause: dict(sorted(counts.items())) for cause, counts in sorted(found.items())}
