"""Which project a request is about: roles are held in projects, addresses name queues, items and slots."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from traceeval.errors import NotFound
from traceeval.review import schema
from traceeval.review.store import Store

_TABLES = {"item": schema.item, "slot": schema.slot, "round": schema.calibration_round, "alarm": schema.alarm}


def project_of(store: Store, names: Mapping[str, str]) -> str | None:
    """The project of the ``queue``, ``item``, ``slot``, ``round`` and ``alarm`` an address names; None: it names none.

    Raises:
        NotFound: what it names does not exist, or two of them belong to different projects.
    """
    kinds = [kind for kind in ("queue", *_TABLES) if kind in names]
    if not kinds:
        return None
    with store.read() as connection:
        found = {kind: _project(connection, kind, str(names[kind])) for kind in kinds}
    for kind, project in found.items():
        if project is None or project != found[kinds[0]]:
            raise NotFound(f"there is no {kind} {names[kind]!r}")
    return found[kinds[0]]


def _project(connection: Connection, kind: str, name: str) -> str | None:
    queue = schema.queue
    if kind == "queue":
        named = queue.c.name == name
        return connection.execute(select(queue.c.project).where(named)).scalar()
    table = _TABLES[kind]
    if not name.isascii() or not name.isdigit() or len(name) > 18:
        return None
    joined = select(queue.c.project).join(table, table.c.queue_id == queue.c.id)
    return connection.execute(joined.where(table.c.id == int(name))).scalar()


def is_solo(store: Store, project: str) -> bool:
    """Whether one person does everything in a project; its results are unreplicated."""
    table = schema.project
    with store.read() as connection:
        return bool(connection.execute(select(table.c.solo).where(table.c.name == project)).scalar())
