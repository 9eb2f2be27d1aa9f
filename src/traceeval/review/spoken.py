"""What the events of the chain say of rows, and what each row says its events should be: the two sides `verify` compares.

A digest covers the whole row where it never changes, and what was written at first where it does; a later change has an
event of its own. Events of earlier versions cover less of a queue and of a slot: such a row has an older form too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from traceeval.review import schema
from traceeval.review.ledger import digest, recorded

WATCHED: Mapping[str, Table] = {
    table.name: table
    for table in (
        schema.verdict,
        schema.decision,
        schema.slot_step,
        schema.lead_action,
        schema.calibration_note,
        schema.qualification,
    )
}
"""Insert-only tables whose events cover every column."""
BATCH = "selection_batch"
_FIRST = frozenset(
    (
        *WATCHED,
        BATCH,
        "selection_run",
        "gold",
        "rubric_proposal",
        "regression_pin",
        "calibration_round",
        "queue",
        "rubric",
        "project",
    )
) | {"alarm"}
_LATER = frozenset(
    (
        "read",
        "claim",
        "retire",
        "accepted",
        "rejected",
        "reveal_round",
        "freeze",
        "adopt",
        "clear",
        "abilities",
        "disable",
    )
)
_UNDONE = {"enable": "disable", "revoke": "grant"}
_AT_ONCE = 5_000

Told = dict[str, tuple[str, int]]  # about -> the digest its row should have, and the event that says so
Spoken = tuple[str, tuple[Any, ...], bool]  # about, what its digest may be of (the newest form first), needs an event


def note(told: Told, action: str, name: str, content: str, seq: int) -> None:
    """Keep what an event says of a row; what undoes it takes that back."""
    if action in _LATER:
        told[f"{name} ({action})"] = (content, seq)
    elif action == "grant":
        told[f"{name} (grant {content[:16]})"] = (content, seq)
    elif action in _UNDONE:
        told.pop(f"{name} (disable)" if action == "enable" else f"{name} (grant {content[:16]})", None)
    elif action != "enqueue" and name.partition(":")[0] in _FIRST:
        told[name] = (content, seq)


def claimed(slot: Row[Any], item: Row[Any]) -> dict[str, Any]:
    """What a claim's event covers: of which item, subject and queue a slot is, and why it and the item are there."""
    of_slot = {name: slot._mapping[name] for name in ("id", "fence", "item_id", "queue_id", "subject_sha256")}
    of_item = {name: item._mapping[name] for name in ("trace", "round", "reasons", "overlap", "safety")}
    return {**of_slot, "kind": slot.kind, "opened": slot.opened, **of_item}


def queue_made(queue: Mapping[str, Any], rubric_id: int) -> list[Any]:
    """What the event of a new queue covers."""
    return [*_rules(queue), rubric_id]


def _rules(queue: Mapping[str, Any]) -> list[Any]:
    rules = {name: queue[name] for name in ("mode", "k", "ttl_s", "project", "audience")}
    return [queue["id"], queue["name"], rules, queue["settings"]]


def spoken(connection: Connection, told: Told) -> Iterator[Spoken]:
    """What every row says, but for the units of frames: their events speak of whole batches."""
    for name, table in WATCHED.items():
        for row in stream(connection, select(table).order_by(table.c.id)):
            yield f"{name}:{row.id}", (recorded(row._asdict()),), True
    for of_table in (_runs, _slots, _gold, _proposals, _pins, _rounds, _rubrics, _people, _projects, _alarms):
        yield from of_table(connection)
    yield from _queues(connection, told)


def _runs(connection: Connection) -> Iterator[Spoken]:
    for row in _all(connection, schema.selection_run):
        yield f"selection_run:{row.id}", (_at_first(row, read_at=None),), True
        if row.read_at is not None:
            yield f"selection_run:{row.id} (read)", ([row.id, row.read_at],), True


def _slots(connection: Connection) -> Iterator[Spoken]:
    slot, item = schema.slot, schema.item
    kept = (item.c.trace, item.c.round, item.c.reasons, item.c.overlap, item.c.safety)
    joined = select(slot, *kept).join(item, item.c.id == slot.c.item_id, isouter=True)
    for row in stream(connection, joined.order_by(slot.c.id)):
        if row.fence:
            yield f"slot:{row.id} (claim)", (claimed(row, row), [row.id, row.fence]), True


def _gold(connection: Connection) -> Iterator[Spoken]:
    for row in _all(connection, schema.gold):
        yield f"gold:{row.id}", (_at_first(row, retired_at=None, retired_reason=None),), True
        if row.retired_at is not None or row.retired_reason is not None:
            yield f"gold:{row.id} (retire)", ([row.id, row.retired_reason],), True


def _proposals(connection: Connection) -> Iterator[Spoken]:
    """One that a decision opened has no event: the decision's names it."""
    named = set(connection.execute(select(schema.decision.c.rubric_proposal).distinct()).scalars())
    for row in _all(connection, schema.rubric_proposal):
        about = f"rubric_proposal:{row.id}"
        yield about, (_at_first(row, state="open", became=None),), row.id not in named
        if row.state != "open":
            yield f"{about} ({row.state})", ([row.id, row.state, row.became],), True


def _pins(connection: Connection) -> Iterator[Spoken]:
    for row in _all(connection, schema.regression_pin):
        yield f"regression_pin:{row.id}", (_at_first(row, flagged_at=None, flag_reason=None),), True


def _rounds(connection: Connection) -> Iterator[Spoken]:
    item, subjects = schema.item, defaultdict(list)
    tried = select(item.c.calibration_round_id, item.c.subject_sha256).where(item.c.calibration_round_id.is_not(None))
    for row in stream(connection, tried):
        subjects[row.calibration_round_id].append(row.subject_sha256)
    for row in _all(connection, schema.calibration_round):
        about = f"calibration_round:{row.id}"
        yield about, ([row.id, row.rubric_id, sorted(subjects[row.id])],), True
        if row.state != "open" or row.alpha:
            yield f"{about} (reveal_round)", ([row.id, row.alpha],), True


def _rubrics(connection: Connection) -> Iterator[Spoken]:
    """Their events hold the rubric's own digest; one that came with a queue has no event: the queue's names it."""
    for row in _all(connection, schema.rubric):
        yield f"rubric:{row.id}", (Digest(row.sha256),), False
        yield f"rubric:{row.id} (freeze)", (Digest(row.sha256 if row.frozen_at is not None else ""),), False


def _people(connection: Connection) -> Iterator[Spoken]:
    for row in _all(connection, schema.role_grant):
        content = [row.reviewer_id, row.project, row.role]
        yield f"reviewer:{row.reviewer_id} (grant {digest(content)[:16]})", (content,), True
    for row in _all(connection, schema.reviewer):
        yield f"reviewer:{row.id} (abilities)", ([row.id, {"langs": row.langs, "tags": row.tags}],), False
        if row.disabled_at is not None:
            yield f"reviewer:{row.id} (disable)", ([row.id, "disable"],), True


def _projects(connection: Connection) -> Iterator[Spoken]:
    for row in stream(connection, select(schema.project).order_by(schema.project.c.name)):
        yield f"project:{row.name}", ([row.name, row.solo],), False


def _alarms(connection: Connection) -> Iterator[Spoken]:
    for row in _all(connection, schema.alarm):
        yield f"alarm:{row.id}", ([row.id, row.reviewer_id, row.signal, row.value],), True
        if row.cleared_at is not None:
            yield f"alarm:{row.id} (clear)", ([row.id, row.cleared_reason],), True


def _queues(connection: Connection, told: Told) -> Iterator[Spoken]:
    """Earlier versions wrote no event of a queue that nobody asked for, and none said with which rubric it began."""
    rubrics = list(connection.execute(select(schema.rubric.c.id).order_by(schema.rubric.c.id)).scalars())
    for row in _all(connection, schema.queue):
        about = f"queue:{row.id}"
        first = rubrics if f"{about} (adopt)" in told else [row.rubric_id]
        yield about, (*(queue_made(row._asdict(), one) for one in first), _rules(row._asdict())), False
        yield f"{about} (adopt)", ([row.id, row.rubric_id],), False


class Digest(str):
    """What an event holds as it is."""

    __slots__ = ()


def digest_of(content: Any) -> str:
    """The digest an event should hold of what a row says."""
    return content if isinstance(content, Digest) else digest(content)


def _at_first(row: Row[Any], **before: Any) -> dict[str, Any]:
    """A row as it was written, before what may change did."""
    return recorded({**row._mapping, **before})


def _all(connection: Connection, table: Table) -> Iterator[Any]:
    return stream(connection, select(table).order_by(table.c.id))


def stream(connection: Connection, statement: Select[Any]) -> Iterator[Any]:
    """Rows a few at a time; a server-side cursor is given back when the walk stops early."""
    with connection.execute(statement, execution_options={"yield_per": _AT_ONCE}) as rows:
        yield from rows
