"""Queues and projects are made here: what people are asked, how many of them, and under which rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import msgspec
from sqlalchemy import Connection, select, update

from traceeval.errors import Refused
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._languages import canonical
from traceeval.review._limits import planned_by
from traceeval.review._rows import DEFAULTS, TTL_S, Settings, insert_new, insert_row, person, queue_row, setting
from traceeval.review.rubric import store_rubric
from traceeval.review.spoken import queue_made
from traceeval.review.starter import core
from traceeval.review.store import Store

Mode = Literal["single", "pairwise", "protocol", "relevance"]
_SHARES = ("recheck_share", "overlap", "gold_share", "gold_share_first")


def create_project(store: Store, name: str, by: str, *, solo: bool = False) -> None:
    """A project; made again it is the same one. ``solo``: one person does everything, all results are unreplicated.

    Raises:
        Refused: it is there and the other of the two.
    """

    def create(connection: Connection) -> None:
        table, now = schema.project, store.now(connection)
        me = person(connection, by, now)
        known = connection.execute(select(table).where(table.c.name == name)).first()
        if known is None:
            insert_new(connection, table, [{"name": name, "solo": solo, "created_at": now}])
            ledger.append(connection, now, me.handle, "project", f"project:{name}", ledger.digest([name, solo]))
        elif known.solo != solo:
            raise Refused(f"project {name} is {'' if known.solo else 'not '}solo and stays so; name another")

    store.transact(create)


def create_queue(
    store: Store,
    name: str,
    by: str,
    *,
    rubric: Rubric | None = None,
    mode: Mode = "single",
    k: int = 1,
    ttl_s: int = TTL_S,
    project: str = "default",
    audience: str | None = None,
    settings: Settings = DEFAULTS,
) -> int:
    """A queue nobody drew for yet; its id. The same queue made again is that queue.

    ``rubric``: None for the five criteria any trace can be asked; an unfrozen one serves calibration rounds only.
    ``k``: people an item is shown to, blind, at least; a unit may ask for more. ``audience``: whose preference this is.

    Raises:
        Refused: a value is out of its range, or the name is taken by a queue of other rules.
    """
    problem = next(_problems(name, mode, k, ttl_s, settings), None)
    if problem is not None:
        raise Refused(f"queue {name!r}: {problem}")
    asked = core() if rubric is None else rubric
    settings = msgspec.structs.replace(settings, langs=tuple(canonical(lang) for lang in settings.langs))

    def create(connection: Connection) -> int:
        now, table = store.now(connection), schema.queue
        me = person(connection, by, now)
        rubric_id = _stored(connection, asked, now)
        rules = {"mode": mode, "k": k, "ttl_s": ttl_s, "project": project, "audience": audience}
        values = {"rubric_id": rubric_id, **rules, "settings": msgspec.json.decode(msgspec.json.encode(settings))}
        known = connection.execute(select(table).where(table.c.name == name)).first()
        if known is None:
            row = insert_row(connection, table, name=name, **values, created_at=now)
            content = ledger.digest(queue_made(row._asdict(), rubric_id))
            ledger.append(connection, now, me.handle, "queue", f"queue:{row.id}", content)
            return int(row.id)
        if any(known._mapping[column] != value for column, value in values.items()):
            raise Refused(f"queue {name!r} exists with other rules; rules stay, name another queue")
        return int(known.id)

    return store.transact(create)


def settings_of(store: Store, name: str) -> Settings | None:
    """The rules of a queue; None: there is no such queue."""
    table = schema.queue
    with store.read() as connection:
        row = connection.execute(select(table).where(table.c.name == name)).first()
    if row is None:
        return None
    return msgspec.convert({field: setting(row, field) for field in Settings.__struct_fields__}, Settings)


def planned(store: Store, name: str) -> float:
    """How many items all plans of a queue draw on average; those of one frame and seed count once, the largest.

    Raises:
        NotFound: there is no such queue.
    """
    with store.read() as connection:
        return sum(planned_by(connection, queue_row(connection, name)).values())


def _stored(connection: Connection, rubric: Rubric, now: float) -> int:
    """Its row: a version that was saved unfrozen stays so, a complete one that is new is frozen."""
    table = schema.rubric
    same = (table.c.name == rubric.id, table.c.version == rubric.version, table.c.locale == rubric.locale)
    known = connection.execute(select(table.c.frozen_at).where(*same)).first()
    return store_rubric(connection, rubric, now, frozen=known is None or known.frozen_at is not None)


def adopt(store: Store, queue_id: int, rubric_id: int, by: str) -> None:
    """Let a queue nobody judged in yet ask by another rubric version, as a calibration round ended with.

    Raises:
        Refused: verdicts were given under the present one: a new version is a new queue then.
    """

    def change(connection: Connection) -> None:
        now, verdict, item = store.now(connection), schema.verdict, schema.item
        me = person(connection, by, now)
        judged = select(verdict.c.id).join(item, item.c.id == verdict.c.item_id)
        live = judged.where(item.c.queue_id == queue_id, verdict.c.round.in_(("live", "adjudication")))
        if connection.execute(live.limit(1)).first() is not None:
            raise Refused("verdicts were given under the present rubric; make a new queue for the new version")
        connection.execute(update(schema.queue).where(schema.queue.c.id == queue_id).values(rubric_id=rubric_id))
        content = ledger.digest([queue_id, rubric_id])
        ledger.append(connection, now, me.handle, "adopt", f"queue:{queue_id}", content)

    store.transact(change)


def _problems(name: str, mode: str, k: int, ttl_s: int, settings: Settings) -> Iterator[str]:
    """What is out of range, in words."""
    if not name.strip() or len(name) > 200 or not name.isprintable():
        yield "a name has 1 to 200 printable characters"
    if mode not in get_args(Mode):
        yield f"mode {mode!r} is none of {', '.join(get_args(Mode))}"
    if not 1 <= k <= 5:
        yield f"k is 1 to 5 people an item, not {k}"
    if not 60 <= ttl_s <= 24 * 3600:
        yield f"a lease lasts 60 seconds to a day, not {ttl_s} s"
    for share in _SHARES:
        if not 0 <= getattr(settings, share) <= 1:
            yield f"{share} is a share, 0 to 1"
    if not 1 <= settings.max_leases <= 3:
        yield f"one person holds 1 to 3 leases, not {settings.max_leases}"
    if settings.budget is not None and settings.budget < 1:
        yield "a budget is at least one item"
    if settings.session_cap is not None and settings.session_cap < 1:
        yield "a session holds at least one item"
