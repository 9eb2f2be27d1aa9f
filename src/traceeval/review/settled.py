"""What people settled and what they could not yet, read back as plain rows for those who compare. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from traceeval.model import Author, Criterion, PeopleRow, Trace, text_of
from traceeval.review import schema
from traceeval.review._frame import UNANSWERED, states_of
from traceeval.review._rows import queue_row, traces_of
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
    """A row for every mark, and for the preference, of the latest decision on everything that was decided.

    Marks of the two responses of a pair are not told apart from it: they say whether each was ``sound``.

    Raises:
        NotFound: there is no such queue.
    """
    with store.read() as connection:
        row = queue_row(connection, queue)
        rubric, digest = rubric_of(connection, row)
        criteria = {criterion.name: criterion for criterion in rubric.criteria}
        chances = _chances(connection, row.id)
        found: list[PeopleRow] = []
        for one in _decided(connection, row.id):
            common = _common(
                one, chances.get(one.subject_sha256, 1.0), digest, authors_of(connection, one.subject_sha256)
            )
            marks = sorted((name, mark) for name, mark in one.marks.items() if name in criteria)
            found += [_mark(common, criteria[name], mark) for name, mark in marks]
            if one.preference is not None:
                found.append(_preference(common, one, criteria))
    return iter(found)


def unanswered_share(store: Store, queue: str) -> float | None:
    """The share of closed items without a label (indeterminate, withdrawn, blocked), weighted by 1/pi; None: none closed.

    Raises:
        NotFound: there is no such queue.
    """
    with store.read() as connection:
        row = queue_row(connection, queue)
        states, chances = states_of(connection, row.id), _chances(connection, row.id)
    weights = {subject: 1 / chances.get(subject, 1.0) for subject in states}
    open_ = sum(weight for subject, weight in weights.items() if states[subject] in UNANSWERED)
    closed = open_ + sum(weight for subject, weight in weights.items() if states[subject] == "resolved")
    return open_ / closed if closed else None


def _decided(connection: Connection, queue_id: int) -> list[Row[Any]]:
    """The latest decision of every subject whose latest round is resolved: what was reopened is open."""
    decision, item, later = schema.decision, schema.item, schema.item.alias("later")
    named = (item.c.subject_sha256, item.c.family, item.c.lang)
    said = (decision.c.marks, decision.c.flags, decision.c.preference, decision.c.unreplicated)
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


def _common(one: Row[Any], pi: float, rubric: str, authors: tuple[Author, ...]) -> PeopleRow:
    """What every row of a decision holds."""
    told = {"language": one.lang, "system": authors[0].system if len(authors) == 1 else None}
    return PeopleRow(
        subject=one.subject_sha256,
        cluster=one.family,
        pi=pi,
        split=split_of(one.family),
        replicated=not one.unreplicated,
        flags=tuple(one.flags),
        rubric=rubric,
        authors=authors,
        slices={name: value for name, value in told.items() if value},
    )


def _mark(common: PeopleRow, criterion: Criterion, mark: float) -> PeopleRow:
    return msgspec.structs.replace(
        common, criterion=criterion.name, mark=mark, passes=criterion.passes, safety=criterion.safety
    )


def _preference(common: PeopleRow, one: Row[Any], criteria: Mapping[str, Criterion]) -> PeopleRow:
    sides = (_sound(one.marks, side, criteria) for side in ("a", "b"))
    return msgspec.structs.replace(common, preference=one.preference, sound=tuple(sides))


def _sound(marks: Mapping[str, float], side: str, criteria: Mapping[str, Criterion]) -> bool | None:
    """Whether people passed one response of a pair on everything they marked; None where they marked nothing of it."""
    passed = [
        marks[f"{side}:{name}"] >= criterion.passes for name, criterion in criteria.items() if f"{side}:{name}" in marks
    ]
    return all(passed) if passed else None


def authors_of(connection: Connection, subject: str) -> tuple[Author, ...]:
    """Whose output a subject is, or whose two; empty where its text was erased."""
    table = schema.subject
    row = connection.execute(select(table).where(table.c.sha256 == subject)).first()
    if row is None:
        return ()
    return tuple(map(author_of, traces_of(row)))


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
