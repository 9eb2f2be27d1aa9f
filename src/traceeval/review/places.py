"""Which project a request is about: roles are held in projects, addresses name queues, items and slots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from traceeval.errors import NotFound
from traceeval.review import schema

_TABLES = {"item": schema.item, "slot": schema.slot, "round": schema.calibration_round, "alarm": schema.alarm}
_PROJECT = select(schema.queue.c.project, schema.project.c.solo).join(
    schema.project, schema.project.c.name == schema.queue.c.project, isouter=True
)
_PLACES = {"queue": _PROJECT.where(schema.queue.c.name == bindparam("named"))} | {
    kind: _PROJECT.join(table, table.c.queue_id == schema.queue.c.id).where(table.c.id == bindparam("named"))
    for kind, table in _TABLES.items()
}
_PLACES["slot"] = _PLACES["slot"].add_columns(schema.slot.c.kind)


class Place(NamedTuple):
    """A project; ``solo``: one person does everything in it, and its results are unreplicated.

    ``dispute``: whether the address names an adjudicator's slot.
    """

    project: str
    solo: bool
    dispute: bool = False


def place_of(connection: Connection, names: Mapping[str, str]) -> Place | None:
    """Where the ``queue``, ``item``, ``slot``, ``round`` and ``alarm`` of an address belong; None: it names none.

    Raises:
        NotFound: what it names does not exist, or two of them belong to different projects.
    """
    kinds = [kind for kind in _PLACES if kind in names]
    if not kinds:
        return None
    found: list[Place] = []
    for kind in kinds:
        place = _place(connection, kind, str(names[kind]))
        if place is None or place.project != (found or [place])[0].project:
            raise NotFound(f"there is no {kind} {names[kind]!r}")
        found.append(place)
    return found[-1]


def _place(connection: Connection, kind: str, name: str) -> Place | None:
    if kind != "queue" and not (name.isascii() and name.isdigit() and len(name) <= 18 and int(name) <= schema.LARGEST):
        return None
    row = connection.execute(_PLACES[kind], {"named": name if kind == "queue" else int(name)}).first()
    return None if row is None else Place(row.project, bool(row.solo), kind == "slot" and row.kind == "adjudicate")
