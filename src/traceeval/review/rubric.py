"""The starter rubric: five criteria, five marks each, every mark with its wording and an annotated excerpt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select

from traceeval.errors import Refused
from traceeval.model import Rubric
from traceeval.review import schema
from traceeval.review._rows import unless_there

MARKS = (1, 2, 3, 4, 5)


@cache
def starter() -> Rubric:
    """The rubric that ships."""
    return msgspec.json.decode((files("traceeval.review") / "data" / "starter_rubric.json").read_bytes(), type=Rubric)


def rubric_sha256(rubric: Rubric) -> str:
    """Digest of a rubric's canonical JSON: a verdict names the wording it was given under."""
    return sha256(msgspec.json.encode(msgspec.to_builtins(rubric, str_keys=True), order="deterministic")).hexdigest()


def store_rubric(connection: Connection, rubric: Rubric, now: float) -> int:
    """The id of a frozen rubric, added when it is not there yet.

    Raises:
        Refused: a mark lacks its wording or an example, or this version is there with another wording.
    """
    require_complete(rubric)
    table, digest = schema.rubric, rubric_sha256(rubric)
    row = {"name": rubric.id, "version": rubric.version, "sha256": digest, "locale": rubric.locale, "frozen_at": now}
    added = unless_there(connection, table).values(**row, body=msgspec.to_builtins(rubric, str_keys=True))
    new = connection.execute(added.returning(table.c.id)).scalar()
    if new is not None:
        connection.execute(insert(schema.rubric_anchor), list(_anchors(rubric, new)))
    named = (table.c.name == rubric.id, table.c.version == rubric.version, table.c.locale == rubric.locale)
    found = connection.execute(select(table.c.id, table.c.sha256).where(*named)).one()
    if found.sha256 != digest:
        raise Refused(
            f"rubric {rubric.id} version {rubric.version} is stored with another wording: any edit is a version"
        )
    return int(found.id)


def require_complete(rubric: Rubric) -> None:
    """A rubric is frozen only with a wording and an annotated example for every mark.

    Raises:
        Refused: names what is missing.
    """
    for criterion in rubric.criteria:
        for mark in MARKS:
            anchor = criterion.anchors.get(mark)
            if anchor is None or not anchor.wording or not anchor.excerpts:
                raise Refused(f"{rubric.id}: {criterion.name} {mark} needs a wording and an annotated example")


def _anchors(rubric: Rubric, rubric_id: int) -> Iterator[dict[str, Any]]:
    for criterion in rubric.criteria:
        for mark, anchor in criterion.anchors.items():
            for excerpt in anchor.excerpts:
                yield {
                    "rubric_id": rubric_id,
                    "criterion": criterion.name,
                    "score": mark,
                    "excerpt": excerpt,
                    "why": anchor.wording,
                }


def rubric_of(connection: Connection, queue: Row[Any]) -> tuple[Rubric, str]:
    """The rubric of a queue and its digest."""
    row = connection.execute(select(schema.rubric).where(schema.rubric.c.id == queue.rubric_id)).one()
    return msgspec.convert(row.body, Rubric, strict=False), str(row.sha256)
