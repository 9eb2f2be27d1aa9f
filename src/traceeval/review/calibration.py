"""Calibration rounds as their lead sees them: which there were, how far people are, and what a new one is made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from traceeval.errors import NotFound, Refused
from traceeval.model import Trace, text_of, trace_hash
from traceeval.review import schema
from traceeval.review._rows import queue_row
from traceeval.review.pairs import PAIR_MODES, pair
from traceeval.review.store import Store
from traceeval.review.subjects import Subject, prepare

_PAIR = 2


@dataclass(frozen=True, slots=True)
class Round:
    """A round without what was said in it. ``started``, ``through``: people; ``alpha``: by criterion, once laid open."""

    id: int
    n: int
    open: bool
    target: float
    rubric: str
    version: int
    items: int
    started: int
    through: int
    alpha: Mapping[str, float | None]
    opened_at: float
    revealed_at: float | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a rubric that a round may try."""

    id: int
    name: str
    version: int
    locale: str
    frozen: bool


def rounds(store: Store, queue: str) -> tuple[Round, ...]:
    """The rounds of a queue, the first first.

    Raises:
        NotFound: there is no such queue.
    """
    table, rubric = schema.calibration_round, schema.rubric
    with store.read() as connection:
        row = queue_row(connection, queue)
        found = select(table, rubric.c.name.label("rubric"), rubric.c.version)
        joined = found.join(rubric, rubric.c.id == table.c.rubric_id).where(table.c.queue_id == row.id)
        rows = connection.execute(joined.order_by(table.c.n)).all()
        return tuple(_round(connection, one) for one in rows)


def _round(connection: Connection, row: Row[Any]) -> Round:
    item, verdict = schema.item, schema.verdict
    mine = item.c.calibration_round_id == row.id
    items = connection.execute(select(func.count()).select_from(item).where(mine)).scalar_one()
    said = select(verdict.c.reviewer_id).join(item, item.c.id == verdict.c.item_id).where(mine)
    by_person = Counter(connection.execute(said).scalars())
    through = sum(count >= items for count in by_person.values())
    what = (row.id, row.n, row.state == "open", row.target, row.rubric, row.version)
    return Round(*what, items, len(by_person), through, row.alpha, row.opened_at, row.revealed_at)


def queue_of_round(store: Store, round_id: int) -> str:
    """The name of the queue a round belongs to.

    Raises:
        NotFound: no such round.
    """
    table = schema.calibration_round
    named = select(schema.queue.c.name).join(table, table.c.queue_id == schema.queue.c.id).where(table.c.id == round_id)
    with store.read() as connection:
        name = connection.execute(named).scalar()
    if name is None:
        raise NotFound(f"no calibration round {round_id}")
    return str(name)


def versions(store: Store) -> tuple[Version, ...]:
    """Every version there is of any rubric, the newest of a name first."""
    table = schema.rubric
    columns = (table.c.id, table.c.name, table.c.version, table.c.locale, table.c.frozen_at)
    with store.read() as connection:
        rows = connection.execute(select(*columns).order_by(table.c.name, table.c.version.desc(), table.c.locale))
        return tuple(Version(row.id, row.name, row.version, row.locale, row.frozen_at is not None) for row in rows)


def version_named(store: Store, name: str) -> int:
    """The id of a rubric version by its ``name:version``.

    Raises:
        NotFound: there is none; the message lists those there are.
    """
    known = {f"{one.name}:{one.version}": one.id for one in versions(store)}
    if name not in known:
        raise NotFound(f"no rubric {name}: there are {', '.join(known)}; `traceeval rubric add` stores another")
    return known[name]


def subjects_from(
    store: Store,
    queue: str,
    traces: Iterable[Trace],
    *,
    tag: Callable[[Trace], str | None] = lambda trace: None,
    warnings: Callable[[Trace], tuple[str, ...]] = lambda trace: (),
) -> list[Subject]:
    """What a round of the queue is made of, redacted: a trace each, or both responses to a question where it compares.

    ``tag``: the speciality it takes to judge a trace, of two that of the first which states one; ``warnings``: categories
    of content that people opt out of.

    Raises:
        NotFound: there is no such queue.
        Refused: a trace cannot be redacted, or a question has other than two responses.
    """
    with store.read() as connection:
        mode = queue_row(connection, queue).mode
    asked = _pairs(traces) if mode in PAIR_MODES else ((trace,) for trace in traces)
    return [
        replace(
            _redacted(shown),
            tag=next(filter(None, map(tag, shown)), None),
            warnings=tuple(name for trace in shown for name in warnings(trace)),
        )
        for shown in asked
    ]


def _pairs(traces: Iterable[Trace]) -> Iterator[tuple[Trace, ...]]:
    by_question: dict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        by_question[text_of(trace.question) or ""].append(trace)
    for question, two in by_question.items():
        if not question or len(two) != _PAIR:
            raise Refused(f"this queue compares: question {question!r} has {len(two)} responses, and two are needed")
        yield tuple(two)


def _redacted(shown: tuple[Trace, ...]) -> Subject:
    made = _prepared(shown)
    if made is None:
        raise Refused(f"trace {shown[0].id!r} cannot be redacted and is shown to nobody; choose another")
    return made


def _prepared(shown: tuple[Trace, ...]) -> Subject | None:
    """One trace as a subject, or the two of a pair."""
    texts = [(trace_hash(one), msgspec.json.encode(one)) for one in shown]
    if len(texts) == 1:
        return prepare(texts[0][0], shown[0].id, texts[0][1])
    both = pair(texts[0], texts[1])
    made = prepare(both.sha256, shown[0].id, both.first, both.second)
    return made and replace(made, responses=tuple(sha for sha, _ in texts))
