"""Calibration rounds: the same 10 to 20 items for everybody, blind; then all is shown, talked over, and the wording bettered.

Nothing of them enters labels or estimates. They may try a rubric version that is not frozen, and repeat, with new items,
until agreement reaches the target or three rounds are done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from traceeval.errors import NotFound, Refused
from traceeval.measures.agreement import alpha, nominal_alpha
from traceeval.measures.ratings import ratings
from traceeval.review import ledger, schema
from traceeval.review._eligible import bearable, new_to, suits
from traceeval.review._rows import Stranger, insert_row, person, queue_row, slot_values
from traceeval.review._words import keep, words
from traceeval.review.pairs import PAIR_MODES, orders
from traceeval.review.rubric import MARKS, read_stored
from traceeval.review.store import Store
from traceeval.review.subjects import Subject, store_subjects

FEWEST, MOST = 10, 20
ROUNDS = 3
TARGET = 0.667
CALIBRATION_ROUND = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One item of a round: what people said of it, without their names, in no order of theirs."""

    item: int
    marks: Mapping[str, Mapping[int, int]]
    absent: Mapping[str, Mapping[str, int]]
    preferences: Mapping[str, int]
    said: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Reveal:
    """A round laid open. ``alpha``: criterion -> agreement, None where undefined; ``reached``: all are at the target.

    ``again``: whether another round may follow.
    """

    id: int
    n: int
    people: int
    target: float
    alpha: Mapping[str, float | None]
    questions: tuple[Question, ...]
    notes: tuple[Mapping[str, Any], ...]
    reached: bool
    again: bool


def open_round(
    store: Store, queue: str, by: str, subjects: Sequence[Subject], *, rubric: int | None = None, target: float = TARGET
) -> int:
    """Start a round on items nobody judged in this queue; its id. ``rubric``: the version it tries, None: the queue's.

    Raises:
        NotFound: no such queue or rubric.
        Refused: a round is on, three were done or the target is reached, or there are not 10 to 20 new items.
    """
    if not FEWEST <= len({one.sha256 for one in subjects}) <= MOST:
        raise Refused(f"a round has {FEWEST} to {MOST} different items, not {len(subjects)}")

    def start(connection: Connection) -> int:
        now, row = store.now(connection), queue_row(connection, queue)
        me = person(connection, by, now)
        before = _rounds(connection, row.id)
        _may_follow(before, queue)
        tried = row.rubric_id if rubric is None else rubric
        if connection.execute(select(schema.rubric.c.id).where(schema.rubric.c.id == tried)).first() is None:
            raise NotFound(f"no rubric {tried}")
        values = {"queue_id": row.id, "rubric_id": tried, "n": len(before) + 1, "target": target, "state": "open"}
        made = insert_row(connection, schema.calibration_round, **values, alpha={}, opened_by=me.id, opened_at=now)
        _add(connection, row, made.id, subjects, now)
        content = ledger.digest([made.id, tried, sorted(one.sha256 for one in subjects)])
        ledger.append(connection, now, me.handle, "calibrate", f"calibration_round:{made.id}", content)
        return int(made.id)

    return store.transact(start)


def _rounds(connection: Connection, queue_id: int) -> list[Row[Any]]:
    table = schema.calibration_round
    return list(connection.execute(select(table).where(table.c.queue_id == queue_id).order_by(table.c.n)))


def _may_follow(before: Sequence[Row[Any]], queue: str) -> None:
    if before and before[-1].state == "open":
        raise Refused(f"round {before[-1].n} of {queue} is on; reveal it first")
    if len(before) >= ROUNDS:
        raise Refused(f"{queue} had {ROUNDS} rounds: freeze what you have, or think the criterion anew")
    if before and _reached(before[-1].alpha, before[-1].target):
        raise Refused(f"round {before[-1].n} of {queue} reached its target; freeze the rubric and begin")


def _add(connection: Connection, queue: Row[Any], round_id: int, subjects: Sequence[Subject], now: float) -> None:
    table = schema.item
    known = select(table.c.subject_sha256).where(
        table.c.queue_id == queue.id, table.c.subject_sha256.in_([one.sha256 for one in subjects])
    )
    used = connection.execute(known).scalars().first()
    if used is not None:
        raise Refused(f"{used[:12]} is an item of this queue already; calibrate on others")
    store_subjects(connection, subjects)
    state = {"round": CALIBRATION_ROUND, "stratum": "calibration", "kind": "calibration", "state": "in_review"}
    rest = {"rank": 0.0, "reasons": [], "k": 0, "safety": False, "version": 1, "waiting_since": now}
    rows = [
        {
            "queue_id": queue.id,
            "subject_sha256": one.sha256,
            "trace": one.name,
            "family": one.family,
            "tag": one.tag,
            "calibration_round_id": round_id,
            **state,
            **rest,
        }
        for one in subjects
    ]
    connection.execute(insert(table), rows)


def offer(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float) -> Row[Any] | None:
    """The next item of a round that is on, for this person; None: no round, or they are through."""
    item, slot = schema.item, schema.slot
    current = _current(connection, queue)
    if current is None:
        return None
    in_round = item.c.calibration_round_id == current
    lapsed = (
        select(slot)
        .join(item, item.c.id == slot.c.item_id)
        .where(in_round, slot.c.state == "open", bearable(queue, me))
    )
    mine = connection.execute(lapsed.where(slot.c.last_holder == me.id).order_by(slot.c.id).limit(1)).first()
    if mine is not None:
        return mine
    found = _left(queue, current, me).order_by(item.c.id).limit(1)
    row = connection.execute(found.with_for_update()).first()
    if row is None:
        return None
    last = connection.execute(select(func.max(slot.c.n)).where(slot.c.item_id == row.id)).scalar_one()
    n = (last or 0) + 1
    values = slot_values(row.id, queue.id, row.rank, row.subject_sha256, n, "calibration", "calibration")
    swapped = queue.mode in PAIR_MODES and orders(str(queue.settings.get("seed", "")), row.subject_sha256, 0, n)[-1]
    return insert_row(connection, slot, **values, swapped=swapped, opened_at=now)


def waiting(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger) -> int:
    """How many items of a round that is on are left to this person."""
    current = _current(connection, queue)
    if current is None:
        return 0
    return int(connection.execute(_left(queue, current, me).with_only_columns(func.count())).scalar_one())


def _current(connection: Connection, queue: Row[Any]) -> int | None:
    """The round that is on."""
    round_ = schema.calibration_round
    on = select(round_.c.id).where(round_.c.queue_id == queue.id, round_.c.state == "open")
    return connection.execute(on).scalar()


def _left(queue: Row[Any], round_id: int, me: Row[Any] | Stranger) -> Select[Any]:
    """Items of a round this person has not judged and does not hold."""
    item = schema.item
    new = new_to(queue, me, item.c.subject_sha256)
    return select(item).where(item.c.calibration_round_id == round_id, new, suits(queue, me))


def reveal(store: Store, round_id: int, by: str) -> Reveal:
    """End a round and lay it open: from now on everybody who took part may see what all said, without names.

    Raises:
        NotFound: no such round.
        Refused: fewer than two people are through with it.
    """

    def end(connection: Connection) -> None:
        now = store.now(connection)
        me = person(connection, by, now)
        row = _round(connection, round_id)
        if row.state == "revealed":
            return
        finished = _finished(connection, round_id)
        if finished < 2:
            raise Refused(f"{finished} people are through with round {row.n}; two at least, for there to be agreement")
        found = _alpha(connection, row)
        table, slot = schema.calibration_round, schema.slot
        connection.execute(
            update(table).where(table.c.id == round_id).values(state="revealed", alpha=found, revealed_at=now)
        )
        left = select(schema.item.c.id).where(schema.item.c.calibration_round_id == round_id)
        unfinished = (slot.c.item_id.in_(left), slot.c.state.in_(("open", "leased")))
        connection.execute(update(slot).where(*unfinished).values(state="void", lease_until=None))
        content = ledger.digest([round_id, found])
        ledger.append(connection, now, me.handle, "reveal_round", f"calibration_round:{round_id}", content)

    store.transact(end)
    return revealed(store, round_id)


def _round(connection: Connection, round_id: int) -> Row[Any]:
    table = schema.calibration_round
    row = connection.execute(select(table).where(table.c.id == round_id)).first()
    if row is None:
        raise NotFound(f"no calibration round {round_id}")
    return row


def _finished(connection: Connection, round_id: int) -> int:
    """People who judged every item of a round."""
    said = Counter(row.reviewer_id for row in _verdicts(connection, round_id))
    items = select(func.count()).select_from(schema.item).where(schema.item.c.calibration_round_id == round_id)
    wanted = connection.execute(items).scalar_one()
    return sum(count >= wanted for count in said.values())


def _verdicts(connection: Connection, round_id: int) -> list[Row[Any]]:
    verdict, item = schema.verdict, schema.item
    found = select(verdict).join(item, item.c.id == verdict.c.item_id)
    return list(connection.execute(found.where(item.c.calibration_round_id == round_id).order_by(verdict.c.uuid)))


def _alpha(connection: Connection, row: Row[Any]) -> dict[str, float | None]:
    """Agreement by criterion over the items of a round; of the preference too where there is one."""
    body = connection.execute(select(schema.rubric).where(schema.rubric.c.id == row.rubric_id)).one()
    by_item: dict[int, list[Any]] = {}
    for verdict in _verdicts(connection, row.id):
        by_item.setdefault(verdict.item_id, []).append(verdict.body)
    names = [one.name for one in read_stored(body).criteria]
    keys = [key for name in names for key in (name, f"a:{name}", f"b:{name}")]
    given = {
        key: [[one["marks"][key] for one in said if key in one["marks"]] for said in by_item.values()] for key in keys
    }
    found = {name: alpha(ratings(units, categories=MARKS), "ordinal") for name, units in given.items() if any(units)}
    preferences = [[one["preference"] for one in said if one["preference"]] for said in by_item.values()]
    return found | ({"preference": nominal_alpha(preferences)} if any(preferences) else {})


def _reached(found: Mapping[str, float | None], target: float) -> bool:
    """Agreement is undefined where all said the same: that reaches any target."""
    return bool(found) and all(value is None or value >= target for value in found.values())


def revealed(store: Store, round_id: int) -> Reveal:
    """A round that was laid open.

    Raises:
        NotFound: no such round.
        Refused: it is still on; what others said would spoil it.
    """
    with store.read() as connection:
        row = _round(connection, round_id)
        if row.state != "revealed":
            raise Refused(f"round {row.n} is still on; its lead reveals it")
        verdicts = _verdicts(connection, round_id)
        questions: dict[int, list[Mapping[str, Any]]] = {}
        for one in verdicts:
            questions.setdefault(one.item_id, []).append({**one.body, **words(connection, one.uuid)})
        notes = _notes(connection, round_id)
        people = len({one.reviewer_id for one in verdicts})
        last = row.n == max(one.n for one in _rounds(connection, row.queue_id))
    reached = _reached(row.alpha, row.target)
    laid_open = tuple(_question(item, said) for item, said in sorted(questions.items()))
    again = last and not reached and row.n < ROUNDS
    return Reveal(row.id, row.n, people, row.target, row.alpha, laid_open, notes, reached, again)


def _question(item: int, said: list[Mapping[str, Any]]) -> Question:
    marks: dict[str, Counter[int]] = {}
    absent: dict[str, Counter[str]] = {}
    for one in said:
        for name, mark in one["marks"].items():
            marks.setdefault(name, Counter())[mark] += 1
        for name, why in one["absent"].items():
            absent.setdefault(name, Counter())[why] += 1
    preferences = Counter(str(one["preference"]) for one in said if one["preference"])
    return Question(item, marks, absent, preferences, tuple(sorted(said, key=ledger.digest)))


def add_note(
    store: Store, round_id: int, handle: str, text: str, *, item: int | None = None, criterion: str | None = None
) -> None:
    """Write down what was talked over, once the round is laid open.

    Raises:
        Refused: nothing is written, or the round is still on.
    """
    if not text.strip():
        raise Refused("a note says something")

    def add(connection: Connection) -> None:
        now = store.now(connection)
        me = person(connection, handle, now)
        if _round(connection, round_id).state != "revealed":
            raise Refused("notes follow the reveal: before it they would tell what others should find by themselves")
        owner, digest, _ = keep(connection, {"note": text.strip()})
        where = {"calibration_round_id": round_id, "reviewer_id": me.id, "item_id": item, "criterion": criterion}
        row = insert_row(connection, schema.calibration_note, uuid=owner, text_sha256=digest, at=now, **where)
        ledger.append(connection, now, me.handle, "note", f"calibration_note:{row.id}", ledger.row_digest(row))

    store.transact(add)


def _notes(connection: Connection, round_id: int) -> tuple[Mapping[str, Any], ...]:
    """Without names."""
    table = schema.calibration_note
    rows = connection.execute(select(table).where(table.c.calibration_round_id == round_id).order_by(table.c.id)).all()
    return tuple(
        {"item": row.item_id, "criterion": row.criterion, "note": words(connection, row.uuid).get("note", "[erased]")}
        for row in rows
    )
