"""From a frame to a queue: a row for every unit with its inclusion probability, an item for every drawn one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice
from typing import Any, Self

import msgspec
from sqlalchemy import Connection, Row, Table, func, insert, select, update

from traceeval.measures.sampling import permanent_number
from traceeval.review import ledger, schema
from traceeval.review._languages import canonical
from traceeval.review._limits import require_budget, require_languages
from traceeval.review._rows import DEFAULTS, TTL_S, author, insert_row, setting, slot_values, unless_there
from traceeval.review.pairs import PAIR_MODES, orders
from traceeval.review.rubric import store_rubric
from traceeval.review.spoken import queue_made
from traceeval.review.starter import core
from traceeval.review.store import Store
from traceeval.review.subjects import Subject, describe, prepare, storable, store_subjects
from traceeval.review.verify import batch_digest

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One trace of a frame. ``payload``: its canonical JSON, needed only when ``drawn``; ``reasons``: (rule, text).

    ``u``: its permanent random number; ``judge_score`` and ``signals`` are frozen at the draw, for estimates.
    ``second``: the other trace of a pair (``pairs.pair`` orders them), ``responses`` the hashes of the two. ``lang`` (BCP 47)
    and ``tag`` say who can judge it, ``second_lang`` that it takes another language as well;
    ``warnings``: categories people opt out of; ``authors``: handles who wrote it, and never judge it; ``slices``: fields to estimate by.
    """

    trace: str
    sha256: str
    level: float
    floor: int
    pi: float
    u: float
    k: int
    safety: bool
    reasons: tuple[tuple[str, str], ...]
    payload: bytes | None
    judge_score: float | None = None
    signals: Mapping[str, float] = field(default_factory=dict)
    second: bytes | None = None
    lang: str | None = None
    tag: str | None = None
    stratum: str | None = None
    warnings: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    slices: Mapping[str, str] = field(default_factory=dict)
    second_lang: str | None = None
    responses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Languages are kept in one case."""
        for name in ("lang", "second_lang"):
            if (stated := getattr(self, name)) is not None:
                object.__setattr__(self, name, canonical(stated))

    @classmethod
    def even(cls, trace: str, sha256: str, pi: float, seed: str, why: tuple[str, str], payload: bytes | None) -> Self:
        """One of a frame in which nothing is riskier than another: judged once, drawn with the chance ``pi`` of all."""
        return cls(
            trace=trace,
            sha256=sha256,
            level=0.0,
            floor=0,
            pi=pi,
            u=permanent_number(seed, sha256),
            k=1,
            safety=False,
            reasons=(why,),
            payload=payload,
        )

    @property
    def drawn(self) -> bool:
        """Whether a person will see it."""
        return self.u < self.pi

    @property
    def original(self) -> bytes:
        """What it is before redaction: a trace, or a list of the two of a pair."""
        first = self.payload or b""
        return first if self.second is None else b"[%b,%b]" % (first, self.second)


def enqueue(
    store: Store,
    units: Iterable[Unit],
    *,
    queue: str,
    frame_sha256: str,
    frame_size: int,
    seed: str,
    plan: Mapping[str, Any],
    keep: Callable[[Mapping[str, bytes]], object] | None = None,
) -> int:
    """Add a frame, one transaction a batch; how many items are new. The same frame again adds nothing.

    ``frame_sha256`` names the frame whatever the order of its units. ``keep``: where originals of what is drawn go,
    by the hash of their subject, before the redacted ones may be seen; None keeps none. ``plan``: its ``budget`` is how
    many are drawn on average, its ``frame`` names the frame whatever the budget.

    Raises:
        Refused: the queue is for fewer items, or for other languages.
    """
    frame = {"frame_sha256": frame_sha256, "frame_size": frame_size, "seed": seed, "plan": dict(plan)}

    def begin(connection: Connection) -> tuple[Row[Any], int]:
        row = _queue(connection, queue, seed, store.now(connection))
        require_budget(connection, row, seed, frame_sha256, plan)
        return row, _run(connection, row.id, frame, store.now(connection))

    row, run_id = store.transact(begin)
    source, added = iter(units), 0
    while batch := list({unit.sha256: unit for unit in islice(source, BATCH)}.values()):
        require_languages(row, batch)
        if keep is not None:
            keep({unit.sha256: unit.original for unit in batch if unit.drawn})
        subjects = {unit.sha256: _prepared(unit) for unit in batch if unit.drawn}
        added += store.transact(lambda c, batch=batch, ready=subjects: _add(c, store, row, run_id, batch, ready))  # type: ignore[misc]
    store.transact(lambda connection: _read_whole(connection, run_id, store.now(connection)))
    return added


def _read_whole(connection: Connection, run_id: int, now: float) -> None:
    """From now on the units of a frame are all there are: the same trace twice is one."""
    table = schema.selection_run
    whole = update(table).where(table.c.id == run_id, table.c.read_at.is_(None)).values(read_at=now)
    if connection.execute(whole).rowcount:
        ledger.append(connection, now, "system", "read", f"selection_run:{run_id}", ledger.digest([run_id, now]))


def _queue(connection: Connection, name: str, seed: str, now: float) -> Row[Any]:
    """The queue of that name, made when it is not there: five criteria any trace can be asked, open to anybody.

    Nobody's habits are watched in it; `traceeval queue create` makes one for a team.
    """
    table = schema.queue
    if connection.execute(select(table.c.id).where(table.c.name == name)).first() is None:
        settings = msgspec.to_builtins(msgspec.structs.replace(DEFAULTS, seed=seed, watch=False))
        row = {"name": name, "rubric_id": store_rubric(connection, core(), now), "mode": "single", "ttl_s": TTL_S}
        added = unless_there(connection, table).values(**row, settings=settings, created_at=now)
        if connection.execute(added.returning(table.c.id)).first() is not None:
            _told(connection, name, now)
    return connection.execute(select(table).where(table.c.name == name)).one()


def _told(connection: Connection, name: str, now: float) -> None:
    row = connection.execute(select(schema.queue).where(schema.queue.c.name == name)).one()
    content = ledger.digest(queue_made(row._asdict(), row.rubric_id))
    ledger.append(connection, now, ledger.SYSTEM, "queue", f"queue:{row.id}", content)


def _run(connection: Connection, queue_id: int, frame: dict[str, Any], now: float) -> int:
    table = schema.selection_run
    _lock_queue(connection, queue_id)
    same = (table.c.queue_id == queue_id, table.c.frame_sha256 == frame["frame_sha256"], table.c.seed == frame["seed"])
    found = connection.execute(select(table.c.id).where(*same)).scalar()
    if found is not None:
        return int(found)
    row = insert_row(connection, table, queue_id=queue_id, code_version=version("traceeval"), at=now, **frame)
    ledger.append(connection, now, "system", "select", f"selection_run:{row.id}", ledger.row_digest(row))
    return int(row.id)


def _lock_queue(connection: Connection, queue_id: int) -> None:
    """One enqueue a queue at a time; claims and submits do not wait for it."""
    found = select(schema.queue.c.id).where(schema.queue.c.id == queue_id)
    connection.execute(found.with_for_update(key_share=True))


def _prepared(unit: Unit) -> Subject | None:
    return prepare(unit.sha256, unit.trace, unit.payload or b"", unit.second, unit.reasons)


def _add(
    connection: Connection,
    store: Store,
    queue: Row[Any],
    run_id: int,
    batch: list[Unit],
    ready: Mapping[str, Subject | None],
) -> int:
    _lock_queue(connection, queue.id)
    item, now = schema.item, store.now(connection)
    _frame(connection, run_id, batch, now)
    describe(connection, batch)
    known = _restated(connection, queue, {unit.sha256: unit for unit in batch if unit.drawn})
    fresh = [unit for unit in batch if unit.drawn and unit.sha256 not in known]
    if written := [unit for unit in batch if unit.drawn and unit.authors]:
        _bar_authors(connection, written, now)
    if not fresh:
        return 0
    store_subjects(connection, [subject for unit in fresh if (subject := ready[unit.sha256]) is not None])
    plans = {unit.sha256: _plan(unit, queue) for unit in fresh}
    rows = [_item(unit, queue, ready[unit.sha256], plans[unit.sha256], now) for unit in fresh]
    connection.execute(insert(item), rows)
    found = select(item.c.subject_sha256, item.c.id).where(
        item.c.queue_id == queue.id, item.c.round == 1, item.c.subject_sha256.in_([unit.sha256 for unit in fresh])
    )
    ids = dict(connection.execute(found).all())
    slots = [
        slot
        for unit in fresh
        if ready[unit.sha256] is not None
        for slot in _slots(unit, queue, ids[unit.sha256], plans[unit.sha256], now)
    ]
    if slots:
        connection.execute(insert(schema.slot), slots)
    content = ledger.digest(sorted(unit.sha256 for unit in fresh))
    ledger.append(connection, now, "system", "enqueue", f"selection_run:{run_id}", content)
    return len(fresh)


def _known(connection: Connection, table: Table, where: Any, subjects: list[str]) -> set[str]:
    found = select(table.c.subject_sha256).where(where, table.c.subject_sha256.in_(subjects))
    return set(connection.execute(found).scalars())


def _restated(connection: Connection, queue: Row[Any], units: Mapping[str, Unit]) -> set[str]:
    """Those that are items already; a language or speciality that is stated of them only now, or anew, holds from now on."""
    item = schema.item
    where = (item.c.queue_id == queue.id, item.c.kind == "review", item.c.subject_sha256.in_(list(units)))
    rows = connection.execute(select(item).where(*where).order_by(item.c.id)).all()
    for row in rows:
        unit = units[row.subject_sha256]
        stated = {"lang": unit.lang, "second_lang": unit.second_lang} if unit.lang else {}
        stated |= {"tag": unit.tag} if unit.tag else {}
        if any(row._mapping[name] != value for name, value in stated.items()):
            connection.execute(update(item).where(item.c.id == row.id).values(**stated))
    return {row.subject_sha256 for row in rows}


def _frame(connection: Connection, run_id: int, batch: list[Unit], now: float) -> None:
    """A row for every unit of the frame, drawn or not, and one event whose digest covers them."""
    table = schema.selection_unit
    known = _known(connection, table, table.c.selection_run_id == run_id, [unit.sha256 for unit in batch])
    last = connection.execute(select(func.max(table.c.batch)).where(table.c.selection_run_id == run_id)).scalar()
    number = (last or 0) + 1
    rows = [_unit(unit, run_id, number) for unit in batch if unit.sha256 not in known]
    if rows:
        connection.execute(insert(table), rows)
        ledger.append(connection, now, "system", "frame", f"selection_batch:{run_id}/{number}", batch_digest(rows))


def _unit(unit: Unit, run_id: int, batch: int) -> dict[str, Any]:
    return {
        "selection_run_id": run_id,
        "batch": batch,
        "subject_sha256": unit.sha256,
        "trace": storable(unit.trace, unit.sha256),
        "stratum": unit.stratum or unit.lang or "all",
        "lang": unit.lang,
        "slices": dict(unit.slices) or None,
        "pi": float(unit.pi),
        "u": float(unit.u),
        "level": float(unit.level),
        "floor": unit.floor,
        "judge_score": unit.judge_score,
        "signals": dict(unit.signals),
        "drawn": unit.drawn,
    }


def work_order(unit: Unit) -> float:
    """Must-see first, by risk; the rest by ascending u/pi, so that any closed prefix is itself a sample.

    What is certain only because all are drawn, none riskier than another, need not be seen first.
    """
    must_see = unit.pi >= 1 and (unit.floor > 0 or unit.level > 0)
    return -1.0 - unit.floor - unit.level if must_see else unit.u / unit.pi


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many people see an item, and the chance of the second one, drawn before review: 1 where there must be one."""

    k: int
    overlap: float


def _plan(unit: Unit, queue: Row[Any]) -> _Plan:
    wanted = max(unit.k, queue.k)
    if wanted > 1:
        return _Plan(wanted, 1.0)
    share = float(setting(queue, "overlap"))
    drawn = permanent_number(str(setting(queue, "seed")), f"overlap/{unit.sha256}") < share
    return _Plan(2 if drawn else 1, share)


def _slots(unit: Unit, queue: Row[Any], item_id: int, plan: _Plan, now: float) -> Iterator[dict[str, Any]]:
    swapped = [False] * plan.k
    if queue.mode in PAIR_MODES:
        swapped = orders(str(setting(queue, "seed")), unit.sha256, 1, plan.k)
    for n in range(1, plan.k + 1):
        opened = "overlap" if n == 2 and plan.overlap < 1 else "draw"
        values = slot_values(item_id, queue.id, work_order(unit), unit.sha256, n, "review", opened)
        yield {**values, "swapped": swapped[n - 1], "opened_at": now}


def _bar_authors(connection: Connection, units: list[Unit], now: float) -> None:
    """Who wrote a subject never judges it, in whatever queue it is; those stated of one queued before are added."""
    table = schema.decline
    found = select(table.c.subject_sha256, table.c.reviewer_id)
    barred = connection.execute(found.where(table.c.subject_sha256.in_([unit.sha256 for unit in units]))).all()
    people = {name: author(connection, name, now) for name in sorted({name for unit in units for name in unit.authors})}
    wrote = {(unit.sha256, one.id) for unit in units for name in unit.authors if (one := people[name]) is not None}
    rows = [
        {"subject_sha256": subject, "reviewer_id": reviewer, "reason": "authorship", "at": now}
        for subject, reviewer in sorted(wrote.difference(map(tuple, barred)))
    ]
    if rows:
        connection.execute(insert(table), rows)


def _item(unit: Unit, queue: Row[Any], subject: Subject | None, plan: _Plan, now: float) -> dict[str, Any]:
    return {
        "queue_id": queue.id,
        "subject_sha256": unit.sha256,
        "trace": storable(unit.trace, unit.sha256),
        "family": subject.family if subject else unit.sha256,
        "round": 1,
        "stratum": unit.stratum or unit.lang or "all",
        "lang": unit.lang,
        "second_lang": unit.second_lang,
        "tag": unit.tag,
        "rank": work_order(unit),
        "reasons": subject.reasons if subject else [[rule, ""] for rule, _ in unit.reasons],
        "k": plan.k,
        "overlap": plan.overlap,
        "safety": unit.safety,
        "state": "queued" if subject else "blocked",
        "version": 1,
        "cause": None if subject else "redaction_failed",
        "waiting_since": now,
    }
