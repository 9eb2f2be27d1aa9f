"""Which project a request is about: roles are held in projects, addresses name queues, items and slots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from traceeval.errors import NotFound
from traceeval.review import schema

_TABLES = {"item": schema.item, "slot": schema.slot, "round": schema.calibration_round, "alarm": schema.alarm}


class Place(NamedTuple):
    """A project; ``solo``: one person does everything in it, and its results are unreplicated."""

    project: str
    solo: bool


def place_of(connection: Connection, names: Mapping[str, str]) -> Place | None:
    """Where the ``queue``, ``item``, ``slot``, ``round`` and ``alarm`` of an address belong; None: it names none.

    Raises:
        NotFound: what it names does not exist, or two of them belong to different projects.
    """
    kinds = [kind for kind in ("queue", *_TABLES) if kind in names]
    if not kinds:
        return None
    found = {kind: _place(connection, kind, str(names[kind])) for kind in kinds}
    for kind, place in found.items():
        if place is None or place != found[kinds[0]]:
            raise NotFound(f"there is no {kind} {names[kind]!r}")
    return found[kinds[0]]


def _place(connection: Connection, kind: str, name: str) -> Place | None:
    found = _named(kind, name)
    row = None if found is None else connection.execute(found).first()
    return None if row is None else Place(row.project, bool(row.solo))


def _named(kind: str, name: str) -> Select[Any] | None:
    """The project of what is called so; None: nothing can be."""
    queue, project = schema.queue, schema.project
    found = select(queue.c.project, project.c.solo).join(project, project.c.name == queue.c.project, isouter=True)
    if kind == "queue":
        return found.where(queue.c.name == name)
    if not name.isascii() or not name.isdigit() or len(name) > 18:
        return None
    table = _TABLES[kind]
    return found.join(table, table.c.queue_id == queue.c.id).where(table.c.id == int(name))
