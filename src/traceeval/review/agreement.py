"""How far independent reviewers agree, per criterion, language and rubric version (review.md section 11). Read-only.

What goes in: blind verdicts of the first round, before anybody adjudicates, of people who saw an item because it was
drawn for two. Left out: gold, calibration and adjudicators' verdicts, second slots that a first verdict opened, and
rounds that a lead reopened: those were chosen by their outcome.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Row, and_, select

from traceeval.measures.agreement import Agreement, Level, Weights, agreement
from traceeval.measures.ratings import Ratings, ratings
from traceeval.review import schema
from traceeval.review._frame import chances_of
from traceeval.review._rows import queue_row
from traceeval.review.store import Store

SCALE = (1, 2, 3, 4, 5)
PREFERENCES = ("a", "b", "tie", "both_bad")
UNKNOWN = "unknown"
INDEPENDENT = ("draw", "overlap")
Kind = Literal["mark", "flag", "preference"]
Key = tuple[str, Kind, str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Agreement on one criterion, flag, or the preference.

    ``reviewed``: of the items as they were drawn; ``population``: of the frame: items weighted by 1 / (inclusion
    probability times the share drawn for overlap). Marks: ordinal alpha and AC2; flags and preferences: nominal and AC1.
    """

    about: str
    kind: Kind
    lang: str
    rubric: str
    reviewed: Agreement
    population: Agreement


@dataclass(slots=True)
class _Units:
    """What is measured together: ratings, scenario and weight of each unit."""

    given: list[tuple[Any, ...]] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


def agreements(store: Store, queue: str) -> tuple[Measured, ...]:
    """Every figure of a queue, by rubric version, language and criterion; nothing before two people saw one item.

    Raises:
        NotFound: there is no such queue.
    """
    with store.read() as connection:
        row = queue_row(connection, queue)
        found, flags = _pairs(connection, row), _flags(connection)
        chances = chances_of(connection, row.id)
    groups: dict[Key, _Units] = defaultdict(_Units)
    for item in found:
        for key, given in _ratings(item, flags):
            units = groups[key]
            units.given.append(given)
            units.families.append(item.family)
            units.weights.append(1 / (chances.get(item.subject, 1.0) * item.overlap))
    return tuple(
        _measured(key, groups[key]) for key in sorted(groups, key=lambda key: (key[3], key[2], key[1], key[0]))
    )


@dataclass(frozen=True, slots=True)
class _Item:
    """The independent verdicts of one item under one rubric version."""

    subject: str
    family: str
    lang: str
    rubric: str
    rubric_sha256: str
    overlap: float
    bodies: tuple[Mapping[str, Any], ...]


def _pairs(connection: Connection, queue: Row[Any]) -> Iterator[_Item]:
    """Items that two or more people judged independently, in the order of their ids.

    Rounds of gold and of calibration have numbers of their own: the first round is of items that were drawn.
    """
    verdict, slot, item, rubric = schema.verdict, schema.slot, schema.item, schema.rubric
    alarmed = select(slot.c.item_id).where(slot.c.opened == "alarm")
    first = and_(item.c.queue_id == queue.id, item.c.round == 1)
    stands = and_(verdict.c.round == "live", slot.c.state == "submitted")
    independent = slot.c.opened.in_(INDEPENDENT) | and_(slot.c.opened == "void", item.c.id.not_in(alarmed))
    found = (
        select(verdict.c.body, verdict.c.rubric_sha256, item.c.id, item.c.subject_sha256, item.c.family)
        .add_columns(item.c.lang, item.c.overlap, rubric.c.name, rubric.c.version, rubric.c.locale)
        .join(slot, slot.c.id == verdict.c.slot_id)
        .join(item, item.c.id == slot.c.item_id)
        .join(rubric, rubric.c.sha256 == verdict.c.rubric_sha256)
        .where(first, stands, independent)
        .order_by(item.c.id, verdict.c.id)
    )
    by_item: dict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(found):
        by_item[row.id, row.rubric_sha256].append(row)
    return iter([_item(rows) for rows in by_item.values() if len(rows) > 1])


def _item(rows: list[Row[Any]]) -> _Item:
    row = rows[0]
    return _Item(
        subject=row.subject_sha256,
        family=row.family,
        lang=row.lang or UNKNOWN,
        rubric=f"{row.name} version {row.version} ({row.locale})",
        rubric_sha256=row.rubric_sha256,
        overlap=float(row.overlap),
        bodies=tuple(one.body for one in rows),
    )


def _flags(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The flags of each rubric version, by its digest."""
    table = schema.rubric
    return {sha: tuple(body.get("flags", ())) for sha, body in connection.execute(select(table.c.sha256, table.c.body))}


def _ratings(item: _Item, flags: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Key, tuple[Any, ...]]]:
    """What was said of each criterion (of both sides of a pair), each flag, and the preference; None where it was not."""
    for name in _each(body["marks"] for body in item.bodies):
        given = tuple(body["marks"].get(name) for body in item.bodies)
        yield (name.rpartition(":")[2], "mark", item.lang, item.rubric), given
    for flag in flags[item.rubric_sha256]:
        yield (flag, "flag", item.lang, item.rubric), tuple(int(flag in body["flags"]) for body in item.bodies)
    if any(body["preference"] is not None for body in item.bodies):
        yield ("preference", "preference", item.lang, item.rubric), tuple(body["preference"] for body in item.bodies)


def _each(groups: Iterable[Iterable[T]]) -> list[T]:
    """Every name once, in the order of its first use."""
    return list(dict.fromkeys(name for group in groups for name in group))


def _measured(key: Key, units: _Units) -> Measured:
    about, kind, lang, rubric = key
    return Measured(
        about=about,
        kind=kind,
        lang=lang,
        rubric=rubric,
        reviewed=_agreement(units, kind, weighted=False),
        population=_agreement(units, kind, weighted=True),
    )


def _agreement(units: _Units, kind: Kind, *, weighted: bool) -> Agreement:
    level: Level = "ordinal" if kind == "mark" else "nominal"
    weights: Weights = "ordinal" if kind == "mark" else "identity"
    return agreement(_table(units, kind, units.weights if weighted else None), level=level, weights=weights)


def _table(units: _Units, kind: Kind, weights: list[float] | None) -> Ratings:
    scale: dict[Kind, tuple[Any, ...]] = {"mark": SCALE, "flag": (0, 1), "preference": PREFERENCES}
    return ratings(units.given, categories=scale[kind], clusters=units.families, weights=weights)
