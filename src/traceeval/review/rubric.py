"""The starter rubric: five criteria, five marks each, every mark with its wording and an annotated excerpt."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

import msgspec
from sqlalchemy import Connection, select

from traceeval.model import Rubric
from traceeval.review import schema
from traceeval.review.store import insert_new


@cache
def starter() -> Rubric:
    """The rubric that ships."""
    return msgspec.json.decode((files("traceeval.review") / "data" / "starter_rubric.json").read_bytes(), type=Rubric)


def rubric_sha256(rubric: Rubric) -> str:
    """Digest of a rubric's canonical JSON: a verdict names the wording it was given under."""
    return sha256(msgspec.json.encode(msgspec.to_builtins(rubric, str_keys=True), order="deterministic")).hexdigest()


def store_rubric(connection: Connection, rubric: Rubric, now: float) -> int:
    """The id of a frozen rubric, added when it is not there yet."""
    insert_new(
        connection,
        schema.rubric,
        [
            {
                "name": rubric.id,
                "version": rubric.version,
                "sha256": rubric_sha256(rubric),
                "locale": rubric.locale,
                "body": msgspec.to_builtins(rubric, str_keys=True),
                "frozen_at": now,
            }
        ],
    )
    found = select(schema.rubric.c.id).where(
        schema.rubric.c.name == rubric.id,
        schema.rubric.c.version == rubric.version,
        schema.rubric.c.locale == rubric.locale,
    )
    rubric_id = int(connection.execute(found).scalar_one())
    known = connection.execute(
        select(schema.rubric_anchor.c.id).where(schema.rubric_anchor.c.rubric_id == rubric_id)
    ).first()
    if known is None:
        connection.execute(
            schema.rubric_anchor.insert(),
            [
                {
                    "rubric_id": rubric_id,
                    "criterion": criterion.name,
                    "score": score,
                    "excerpt": excerpt,
                    "why": anchor.wording,
                }
                for criterion in rubric.criteria
                for score, anchor in criterion.anchors.items()
                for excerpt in anchor.excerpts
            ],
        )
    return rubric_id


def load_rubric(body: object) -> Rubric:
    """A stored rubric."""
    return msgspec.convert(body, Rubric, strict=False)
