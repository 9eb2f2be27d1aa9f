"""What is judged: one trace, or two side by side, redacted before anybody sees them."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import msgspec
from sqlalchemy import Connection, or_, select

from traceeval.errors import RedactionFailed
from traceeval.model import text_of
from traceeval.review import schema
from traceeval.review._rows import TRACE, insert_new
from traceeval.review.redact import redact, redact_id, redact_text, redaction_version


@dataclass(frozen=True, slots=True)
class Subject:
    """What reviewers will see, redacted. ``family``: the digest of the scenario its labels belong to.

    ``parts``: 2 of a pair, whose ``responses`` are the hashes of the two; ``reasons``: (rule, text) why it was chosen,
    redacted too. ``tag``: the speciality it takes to judge it; ``warnings``: categories of content people opt out of.
    """

    sha256: str
    name: str
    payload: bytes
    family: str
    parts: int = 1
    reasons: tuple[tuple[str, str], ...] = ()
    responses: tuple[str, ...] = ()
    tag: str | None = None
    warnings: tuple[str, ...] = ()


class Described(Protocol):
    """A subject, or what becomes one."""

    @property
    def sha256(self) -> str:
        """Its hash."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Categories of content people opt out of."""

    @property
    def responses(self) -> tuple[str, ...]:
        """Of a pair: the hashes of the two traces."""


def prepare(
    digest: str,
    name: str,
    payload: bytes,
    second: bytes | None = None,
    reasons: Sequence[tuple[str, str]] = (),
) -> Subject | None:
    """A subject from canonical traces; None: it could not be redacted, so it is blocked and never shown."""
    try:
        parts = [redact(payload)] + ([redact(second)] if second is not None else [])
        traces = [TRACE.decode(part) for part in parts]
        told = tuple((rule, redact_text(text)) for rule, text in reasons)
    except (RedactionFailed, msgspec.DecodeError):
        return None
    first = traces[0]
    family = first.scenario or " ".join((text_of(first.question) or digest).lower().split())
    shown = parts[0] if second is None else b"[%b,%b]" % tuple(parts)
    return Subject(digest, storable(name, digest), shown, sha256(family.encode()).hexdigest(), len(parts), told)


def storable(name: str, digest: str) -> str:
    """A trace's id as a column can hold it (PostgreSQL refuses NUL), and another where it identifies somebody."""
    try:
        return redact_id(name.replace("\0", "\ufffd"))[:500]
    except RedactionFailed:
        return f"[REDACTED id {digest[:12]}]"


def store_subjects(connection: Connection, subjects: Collection[Subject]) -> None:
    """Keep what reviewers will see, and what is known of it; what is there already stays."""
    describe(connection, subjects)
    rows = [
        {
            "sha256": one.sha256,
            "payload": zlib.compress(one.payload, 6),
            "redaction_version": redaction_version(),
            "payload_sha256": sha256(one.payload).hexdigest(),
            "parts": one.parts,
        }
        for one in subjects
    ]
    insert_new(connection, schema.subject, rows)


def describe(connection: Connection, subjects: Collection[Described]) -> None:
    """Keep the warnings of subjects, and which responses a pair is of: they hold in whatever queue or round it is."""
    warned = [
        {"subject_sha256": one.sha256, "category": category}
        for one in subjects
        for category in sorted(set(one.warnings))
    ]
    pairs = [{"pair_sha256": one.sha256, "subject_sha256": part} for one in subjects for part in one.responses]
    insert_new(connection, schema.subject_warning, warned)
    insert_new(connection, schema.response, pairs)


def warnings_of(connection: Connection, subject: str) -> tuple[str, ...]:
    """Categories of content people are warned of before they see a subject: its own, and those of its responses."""
    table, both = schema.subject_warning, schema.response
    parts = select(both.c.subject_sha256).where(both.c.pair_sha256 == subject)
    stands = or_(table.c.subject_sha256 == subject, table.c.subject_sha256.in_(parts))
    return tuple(connection.execute(select(table.c.category).where(stands).distinct().order_by("category")).scalars())
