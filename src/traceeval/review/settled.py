"""What people settled and what they could not yet, read back as plain rows for those who compare. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from traceeval.errors import NotFound
from traceeval.model import Author, Criterion, PeopleRow, Trace, text_of
from traceeval.review import schema
from traceeval.review._rows import queue_row, shown
from traceeval.review.rubric import rubric_of
from traceeval.review.settle import split_of
from traceeval.review.store import Store


@dataclass(frozen=True, slots=True)
class FrameUnit:
    """One trace of a queue's frames. ``called``: automated scores put it before people for its risk, whatever was drawn.

    ``settled``: flags people agreed on, None where nothing is decided. ``seconds``: what people spent on it, None: not
    recorded. ``signals``: rules that fired on it and tags of its scenario, as far as the queue holds them.
    """

    sha256: str
    family: str
    pi: float
    called: bool
    settled: tuple[str, ...] | None
    could_flag: tuple[str, ...]
    signals: tuple[str, ...]
    seconds: float | None


def labels(store: Store, queue: str) -> Iterator[PeopleRow]:
    """A row for every mark of the latest decision on every single trace that was decided.

    Raises:
        NotFound: there is no such queue.
    """
    with store.read() as connection:
        row = queue_row(connection, queue)
        rubric, digest = rubric_of(connection, row)
        criteria = {criterion.name: criterion for criterion in rubric.criteria}
        chances = _chances(connection, row.id)
        decided = _decided(connection, row.id)
        found = [
            _label(one, criteria[name], mark, chances.get(one.subject_sha256, 1.0), digest, author)
            for one in decided
            for author in [_author(connection, one.subject_sha256)]
            for name, mark in sorted(one.marks.items())
            if name in criteria
        ]
    return iter(found)


def _decided(connection: Connection, queue_id: int) -> list[Row[Any]]:
    """The latest decision of every subject whose latest round is resolved: what was reopened is open."""
    decision, item, later = schema.decision, schema.item, schema.item.alias("later")
    named = (item.c.subject_sha256, item.c.family, item.c.lang)
    said = (decision.c.marks, decision.c.flags, decision.c.unreplicated)
    newer = select(later.c.id).where(
        later.c.queue_id == item.c.queue_id,
        later.c.subject_sha256 == item.c.subject_sha256,
        later.c.round > item.c.round,
    )
    joined = select(*named, *said).join(item, item.c.id == decision.c.item_id)
    mine = (item.c.queue_id == queue_id, item.c.kind == "review")
    stands = (item.c.state == "resolved", ~newer.exists(), decision.c.outcome == "decided")
    found = connection.execute(joined.where(*mine, *stands).order_by(decision.c.id))
    latest: dict[str, Any] = {row.subject_sha256: row for row in found}
    return list(latest.values())


def _chances(connection: Connection, queue_id: int) -> dict[str, float]:
    """Over several plans with one seed the union's probability is the largest."""
    unit, run = schema.selection_unit, schema.selection_run
    most = select(unit.c.subject_sha256, func.max(unit.c.pi)).join(run, run.c.id == unit.c.selection_run_id)
    found = connection.execute(most.where(run.c.queue_id == queue_id).group_by(unit.c.subject_sha256))
    return {subject: float(pi) for subject, pi in found}


def _label(
    one: Row[Any], criterion: Criterion, mark: float, pi: float, rubric: str, author: Author | None
) -> PeopleRow:
    return PeopleRow(
        subject=one.subject_sha256,
        cluster=one.family,
        criterion=criterion.name,
        mark=mark,
        pi=pi,
        split=split_of(one.family),
        passes=criterion.passes,
        safety=criterion.safety,
        replicated=not one.unreplicated,
        flags=tuple(one.flags),
        rubric=rubric,
        authors=() if author is None else (author,),
        slices={
            **({"language": one.lang} if one.lang else {}),
            **({"system": author.system} if author is not None and author.system else {}),
        },
    )


def _author(connection: Connection, subject: str) -> Author | None:
    """None where the text was erased."""
    try:
        return author_of(shown(connection, subject).trace)
    except NotFound:
        return None


def author_of(trace: Trace) -> Author:
    """The system of a trace, the family of its model, and how long its answer is."""
    system = trace.system
    answer = text_of(trace.answer)
    return Author(
        system=(system.label if system else None) or "",
        family=family_of(system.model) if system and system.model else None,
        length=len(answer) if answer is not None else None,
    )


def family_of(model: str) -> str | None:
    """The family of a model by its name: the letters it begins with, behind any provider's prefix (``gpt-4o``: gpt)."""
    found = re.match(r"[a-z]+", model.rpartition("/")[2].lower())
    return found.group() if found else None


def frame_units(store: Store, queue: str) -> Iterator[FrameUnit]:
    """Every trace of every frame of a queue, each once.

    Raises:
        NotFound: there is no such queue.
    """
    with store.read() as connection:
        row = queue_row(connection, queue)
        rubric, _ = rubric_of(connection, row)
        settled = {one.subject_sha256: tuple(one.flags) for one in _decided(connection, row.id)}
        items, seconds = _items(connection, row.id), _seconds(connection, row.id)
        found = [
            FrameUnit(
                sha256=subject,
                family=items[subject].family if subject in items else subject,
                pi=pi,
                called=called,
                settled=settled.get(subject),
                could_flag=rubric.flags,
                signals=tuple(str(rule) for rule, _ in items[subject].reasons) if subject in items else (),
                seconds=seconds.get(subject),
            )
            for subject, pi, called in _units(connection, row.id)
        ]
    return iter(found)


def _units(connection: Connection, queue_id: int) -> Iterator[tuple[str, float, bool]]:
    """(subject, largest inclusion probability, whether a plan called it for its risk)."""
    unit, run = schema.selection_unit, schema.selection_run
    named = (unit.c.subject_sha256, unit.c.pi, unit.c.level, unit.c.floor, run.c.plan)
    joined = select(*named).join(run, run.c.id == unit.c.selection_run_id)
    told: dict[str, tuple[float, bool]] = {}
    for one in connection.execute(joined.where(run.c.queue_id == queue_id).order_by(unit.c.id)):
        pi, called = told.get(one.subject_sha256, (0.0, False))
        told[one.subject_sha256] = max(pi, float(one.pi)), called or _called(one.level, one.floor, one.plan)
    return ((subject, pi, called) for subject, (pi, called) in told.items())


def _called(level: float, floor: int, plan: Mapping[str, Any]) -> bool:
    return bool(level >= plan.get("level", 1.0) or floor >= plan.get("floor", 6))


def _items(connection: Connection, queue_id: int) -> dict[str, Row[Any]]:
    item = schema.item
    found = connection.execute(select(item).where(item.c.queue_id == queue_id).order_by(item.c.round))
    return {one.subject_sha256: one for one in found}


def _seconds(connection: Connection, queue_id: int) -> dict[str, float]:
    verdict, item = schema.verdict, schema.item
    spent = select(item.c.subject_sha256, func.sum(verdict.c.active_ms)).join(item, item.c.id == verdict.c.item_id)
    found = connection.execute(spent.where(item.c.queue_id == queue_id).group_by(item.c.subject_sha256))
    return {subject: total / 1000 for subject, total in found if total is not None}
