"""Small look-ups and changes several services share. All run in the caller's transaction."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from traceeval.errors import NotFound, Refused
from traceeval.model import Trace
from traceeval.review import ledger, schema

TTL_S = 20 * 60
MAX_ROUNDS = 2
FINAL = ("resolved", "indeterminate", "withdrawn")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Rules of a queue that seldom change.

    ``recheck_share``: of agreements that are adjudicated all the same. ``overlap``: of items for one person that a
    second one sees too, drawn before review. ``gold_share``: of a person's slots that are hidden gold,
    ``gold_share_first`` of their first 100. ``qualification``: only people who passed on gold for this rubric version
    and language. ``watch``: habits that look odd pause a person until a lead looked. ``members_only``: only people with
    the role reviewer (or adjudicator) in the project. ``session_cap``: slots a person takes within ``session_h`` hours,
    None for no end. ``budget``: items to be drawn on average, None for as many as the plan says. ``langs``:
    languages it is for, empty for any.
    """

    recheck_share: float = 0.05
    max_leases: int = 1
    show_judge: bool = False
    qualification: bool = False
    seed: str = ""
    overlap: float = 0.2
    gold_share: float = 0.05
    gold_share_first: float = 0.2
    watch: bool = True
    members_only: bool = False
    session_cap: int | None = None
    session_h: float = 8.0
    budget: int | None = None
    langs: tuple[str, ...] = ()


DEFAULTS = Settings()
_FIRST = {"overlap": 0.0, "watch": False}  # queues of the first release did neither, and state no rule about it


def setting(queue: Row[Any], name: str) -> Any:
    """A setting of a queue, or its default."""
    return queue.settings.get(name, _FIRST.get(name, getattr(DEFAULTS, name)))


def insert_row(connection: Connection, table: Table, **values: Any) -> Row[Any]:
    """Insert one row and read it back, as its digest needs it."""
    if connection.dialect.name == "postgresql":
        return connection.execute(insert(table).returning(*table.c), values).one()
    made = connection.execute(insert(table).returning(table.c.id), values).scalar_one()
    return connection.execute(select(table).where(table.c.id == made)).one()  # SQLite returns a stored 1.0 as 1


def person(connection: Connection, handle: str, now: float, *, lock: bool = False) -> Row[Any]:
    """The reviewer of that handle, created on first use. ``lock``: one claim a person at a time.

    Raises:
        Refused: no name, or the account is disabled.
    """
    _named(handle)
    return _enabled(_called(connection, handle, now, lock))


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody nobody has heard of: no row has this id."""

    handle: str
    id: int = 0
    langs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def reader(connection: Connection, handle: str) -> Row[Any] | Stranger:
    """Who looks at something: reading creates nobody, and a stranger sees what a new person would.

    Raises:
        Refused: no name, or the account is disabled.
    """
    _named(handle)
    row = connection.execute(_PERSON, {"named": handle}).first()
    return Stranger(handle) if row is None else _enabled(row)


def _named(handle: str) -> None:
    if not _is_name(handle):
        raise Refused(f"{handle!r} is no name: up to 200 printable characters")
    if handle == ledger.SYSTEM:
        raise Refused(f"{handle!r} is no person: it signs what the queue does by itself; take another name")


def _enabled(row: Row[Any]) -> Row[Any]:
    if row.disabled_at is not None:
        raise Refused(f"{row.handle} is disabled; ask a lead")
    return row


def author(connection: Connection, handle: str, now: float) -> Row[Any] | None:
    """The reviewer whom a trace states as its author, disabled or not; None: nobody can be called so."""
    return _called(connection, handle, now) if _is_name(handle) and handle != ledger.SYSTEM else None


def _is_name(handle: str) -> bool:
    return bool(handle.strip()) and len(handle) <= 200 and handle.isprintable()


def _called(connection: Connection, handle: str, now: float, lock: bool = False) -> Row[Any]:
    found, named = _PERSON_LOCKED if lock else _PERSON, {"named": handle}
    row = connection.execute(found, named).first()
    if row is None:
        insert_new(connection, schema.reviewer, [{"handle": handle, "langs": [], "tags": [], "created_at": now}])
        row = connection.execute(found, named).one()
    return row


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert the rows that are not there yet; waits for whoever is inserting the same."""
    if rows:
        connection.execute(unless_there(connection, table), rows)


def unless_there(connection: Connection, table: Table) -> Any:
    """An INSERT that does nothing where a unique value is taken."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing()


# Built once, as are others below: every claim and submit asks them, and to build one costs more than to ask it.
_PERSON = select(schema.reviewer).where(schema.reviewer.c.handle == bindparam("named"))
_PERSON_LOCKED = _PERSON.with_for_update(key_share=True)
_QUEUES = (
    select(
        schema.queue,
        schema.rubric.c.sha256.label("rubric_sha256"),
        schema.rubric.c.frozen_at.label("rubric_frozen_at"),
        schema.project.c.solo,
    )
    .join(schema.rubric)
    .join(schema.project, schema.project.c.name == schema.queue.c.project, isouter=True)
)
"""A queue, with what everything done in it asks of its rubric and project; ``solo`` None: no project of that name."""
_QUEUE_NAMED = _QUEUES.where(schema.queue.c.name == bindparam("named"))
_QUEUE = _QUEUES.where(schema.queue.c.id == bindparam("wanted"))
_SLOT = select(schema.slot).where(schema.slot.c.id == bindparam("wanted"))
_ITEM = select(schema.item).where(schema.item.c.id == bindparam("wanted"))
_ITEM_LOCKED = _ITEM.with_for_update()
_SUBJECT = select(schema.subject).where(schema.subject.c.sha256 == bindparam("wanted"))


def queue_row(connection: Connection, name: str) -> Row[Any]:
    """A queue by name.

    Raises:
        NotFound: with the names there are.
    """
    row = connection.execute(_QUEUE_NAMED, {"named": name}).first()
    if row is None:
        known = ", ".join(connection.execute(select(schema.queue.c.name)).scalars()) or "none yet"
        raise NotFound(f"no queue {name!r}; there are: {known}. `traceeval evaluate` makes one")
    return row


def queue_of(connection: Connection, row: Row[Any]) -> Row[Any]:
    """The queue of an item or slot."""
    return connection.execute(_QUEUE, {"wanted": row.queue_id}).one()


def slot_row(connection: Connection, slot_id: int) -> Row[Any]:
    """A slot by id.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_SLOT, {"wanted": slot_id}).first()
    if row is None:
        raise NotFound(f"no slot {slot_id}; `traceeval review list` shows yours")
    return row


def item_row(connection: Connection, item_id: int, *, lock: bool = False) -> Row[Any]:
    """An item by id. ``lock``: every change of an item or its slots locks the item first, then slots, then the chain.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_ITEM_LOCKED if lock else _ITEM, {"wanted": item_id}).first()
    if row is None:
        raise NotFound(f"no item {item_id}")
    return row


def move(connection: Connection, item_id: int, state: str, **values: Any) -> str:
    """Put an item into a state; that state."""
    version = schema.item.c.version + 1
    connection.execute(
        update(schema.item).where(schema.item.c.id == item_id).values(state=state, version=version, **values)
    )
    return state


def slot_values(
    item_id: int, queue_id: int, rank: float, subject: str, n: int, kind: str = "review", opened: str = "draw"
) -> dict[str, Any]:
    """A slot nobody had yet."""
    return {
        "item_id": item_id,
        "queue_id": queue_id,
        "rank": rank,
        "subject_sha256": subject,
        "n": n,
        "kind": kind,
        "opened": opened,
        "state": "open",
        "fence": 0,
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reviewer is shown: the redacted trace, the one beside it in a pair, and the digests that say which.

    Of a pair ``trace`` is on the left (A) and ``other`` on the right (B), in the order of the slot.
    """

    trace: Trace
    payload_sha256: str
    redaction_version: str
    other: Trace | None = None

    @property
    def traces(self) -> tuple[Trace, ...]:
        """What is shown, from left to right."""
        return (self.trace,) if self.other is None else (self.trace, self.other)

    @property
    def spans(self) -> set[str]:
        """What may be cited as evidence: span ids, behind ``a:`` or ``b:`` where there are two traces."""
        if self.other is None:
            return {span.id for span in self.trace.spans}
        sides = (("a", self.trace), ("b", self.other))
        return {f"{side}:{span.id}" for side, trace in sides for span in trace.spans}


def shown(connection: Connection, subject_sha256: str, *, swapped: bool = False) -> Shown:
    """The redacted trace of a subject, or both of a pair, in the other order when ``swapped``.

    Raises:
        NotFound: its payload was never stored, or was erased.
    """
    row = connection.execute(_SUBJECT, {"wanted": subject_sha256}).first()
    if row is None:
        raise NotFound(f"the text of {subject_sha256[:12]} is not stored: it could not be redacted, or was erased")
    left, *other = traces_of(row)[:: -1 if swapped else 1]
    return Shown(left, row.payload_sha256, row.redaction_version, *other)


# Made on import, not at first use: msgspec (0.22) crashes when two threads meet a type that no thread knew before, as
# the first requests to a server do.
TRACE, PAIR = msgspec.json.Decoder(Trace), msgspec.json.Decoder(tuple[Trace, Trace])


def traces_of(row: Row[Any]) -> tuple[Trace, ...]:
    """The redacted trace of a subject's row, or the two of a pair in their stored order."""
    payload = zlib.decompress(row.payload)
    return (TRACE.decode(payload),) if row.parts == 1 else PAIR.decode(payload)
