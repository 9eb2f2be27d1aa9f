"""Rubric versions: what a mark means, in words and annotated excerpts; frozen, and then never edited.

An edit is a new version with a digest, qualifications and agreement of its own, and so is a translation. A version that
is not frozen serves calibration rounds only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from traceeval.errors import ConfigError, NotFound, Refused
from traceeval.model import Anchor, Rubric
from traceeval.review import ledger, schema
from traceeval.review._rows import person, unless_there
from traceeval.review.store import Store

MARKS = (1, 2, 3, 4, 5)
FEWEST, MOST = 2, 3
_RUBRIC = msgspec.json.Decoder(Rubric)  # made on import, as those of `_rows` are
LONGEST = 1200


def rubric_sha256(rubric: Rubric) -> str:
    """Digest of a rubric's canonical JSON: a verdict names the wording it was given under."""
    return body_sha256(msgspec.to_builtins(rubric, str_keys=True))


def body_sha256(body: Any) -> str:
    """The same of a rubric as it is stored."""
    return sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()


def read_rubric(content: bytes, where: str) -> Rubric:
    """A rubric somebody wrote as JSON.

    Raises:
        ConfigError: it is none; says where.
    """
    try:
        return _RUBRIC.decode(content)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{where}: no rubric: {error}; `traceeval rubric show starter` prints one") from error


def store_rubric(connection: Connection, rubric: Rubric, now: float, *, frozen: bool = True, note: str = "") -> int:
    """The id of a rubric version, added when it is not there yet.

    Raises:
        Refused: it is to be frozen and lacks something, or this version is there with another wording.
    """
    if frozen:
        require_complete(rubric)
    table, digest = schema.rubric, rubric_sha256(rubric)
    row = {"name": rubric.id, "version": rubric.version, "sha256": digest, "locale": rubric.locale, "created_at": now}
    row |= {"frozen_at": now if frozen else None, "note": note or None}
    added = unless_there(connection, table).values(**row, body=msgspec.to_builtins(rubric, str_keys=True))
    new = connection.execute(added.returning(table.c.id)).scalar()
    if new is not None:
        connection.execute(insert(schema.rubric_anchor), list(_anchors(rubric, new)) or [])
    found = _row(connection, rubric.id, rubric.version, rubric.locale)
    if found.sha256 != digest:
        raise Refused(
            f"rubric {rubric.id} version {rubric.version} is stored with another wording: any edit is a version"
        )
    return int(found.id)


def require_complete(rubric: Rubric) -> None:
    """A rubric is frozen only with a wording and 2 to 3 annotated excerpts for every mark of every criterion.

    Raises:
        Refused: names what is missing.
    """
    if not rubric.criteria:
        raise Refused(f"{rubric.id}: a rubric needs at least one criterion")
    for criterion in rubric.criteria:
        if set(criterion.anchors) - set(MARKS):
            raise Refused(f"{rubric.id}: {criterion.name} has marks other than 1..5")
        for mark in MARKS:
            _complete(f"{rubric.id}: {criterion.name} {mark}", criterion.anchors.get(mark))


def _complete(place: str, anchor: Anchor | None) -> None:
    if anchor is None or not anchor.wording.strip():
        raise Refused(f"{place} needs a wording")
    if not FEWEST <= len(anchor.excerpts) <= MOST:
        raise Refused(f"{place} needs {FEWEST} to {MOST} annotated excerpts, it has {len(anchor.excerpts)}")
    for excerpt in anchor.excerpts:
        if not excerpt.text.strip() or not excerpt.why.strip():
            raise Refused(f"{place}: an excerpt needs its text and why it deserves the mark")
        if len(excerpt.text) + len(excerpt.why) > LONGEST:
            raise Refused(f"{place}: an excerpt has at most {LONGEST} characters, with its reason")


def _anchors(rubric: Rubric, rubric_id: int) -> Iterator[dict[str, Any]]:
    for criterion in rubric.criteria:
        for mark, anchor in criterion.anchors.items():
            for excerpt in anchor.excerpts:
                said = {"criterion": criterion.name, "score": mark, "excerpt": excerpt.text, "why": excerpt.why}
                yield {"rubric_id": rubric_id, **said}


def _row(connection: Connection, name: str, version: int, locale: str) -> Row[Any]:
    table = schema.rubric
    named = (table.c.name == name, table.c.version == version, table.c.locale == locale)
    row = connection.execute(select(table).where(*named)).first()
    if row is None:
        raise NotFound(f"no rubric {name} version {version} ({locale})")
    return row


def save_rubric(store: Store, rubric: Rubric, handle: str, *, note: str = "") -> int:
    """Store a version that is not frozen yet, to be calibrated on; its id. ``note``: what changed, and why.

    Raises:
        Refused: the version is taken by another wording, or leaves out one.
    """

    def save(connection: Connection) -> int:
        table, now = schema.rubric, store.now(connection)
        me = person(connection, handle, now)
        same = (table.c.name == rubric.id, table.c.locale == rubric.locale)
        versions = list(connection.execute(select(table.c.version).where(*same)).scalars())
        if rubric.version > max(versions, default=0) + 1:
            raise Refused(f"{rubric.id} is at version {max(versions, default=0)}; the next one is one more")
        made = store_rubric(connection, rubric, now, frozen=False, note=note)
        ledger.append(connection, now, me.handle, "rubric", f"rubric:{made}", rubric_sha256(rubric))
        return made

    return store.transact(save)


def freeze(store: Store, name: str, version: int, handle: str, *, locale: str = "en") -> None:
    """Let a version serve live queues; from now on it stays as it is.

    Raises:
        NotFound: there is no such version.
        Refused: it lacks a wording or an excerpt; names the first.
    """

    def close(connection: Connection) -> None:
        now = store.now(connection)
        me = person(connection, handle, now)
        row = _row(connection, name, version, locale)
        require_complete(read_stored(row))
        if row.frozen_at is None:
            connection.execute(update(schema.rubric).where(schema.rubric.c.id == row.id).values(frozen_at=now))
            ledger.append(connection, now, me.handle, "freeze", f"rubric:{row.id}", row.sha256)

    store.transact(close)


def rubric_version(store: Store, name: str, version: int, *, locale: str = "en") -> tuple[Rubric, bool]:
    """A stored version, and whether it is frozen.

    Raises:
        NotFound: there is no such version.
    """
    with store.read() as connection:
        row = _row(connection, name, version, locale)
    return read_stored(row), row.frozen_at is not None


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions at one place; None: it was, or is, not there."""

    where: str
    before: str | None
    after: str | None


def diff(old: Rubric, new: Rubric) -> tuple[Change, ...]:
    """What an edit changed, in the order of the new version; what it dropped comes last."""
    before, after = dict(_lines(old)), dict(_lines(new))
    places = [*after, *(place for place in before if place not in after)]
    return tuple(
        Change(place, before.get(place), after.get(place)) for place in places if before.get(place) != after.get(place)
    )


def _lines(rubric: Rubric) -> Iterator[tuple[str, str]]:
    yield "flags", ", ".join(rubric.flags)
    for criterion in rubric.criteria:
        name = criterion.name
        yield f"{name} question", criterion.question
        yield f"{name} passes", f"from {criterion.passes}" + (", safety" if criterion.safety else "")
        yield f"{name} rated by", criterion.rated_by or "anybody"
        for mark, anchor in sorted(criterion.anchors.items()):
            yield f"{name} {mark} wording", anchor.wording
            for number, excerpt in enumerate(anchor.excerpts, 1):
                yield f"{name} {mark} excerpt {number}", f"{excerpt.text}\nwhy: {excerpt.why}"


def rubric_of(connection: Connection, queue: Row[Any]) -> tuple[Rubric, str]:
    """The rubric of a queue and its digest."""
    return _rubric(connection, queue.rubric_id, queue.rubric_sha256)


def rubric_for(connection: Connection, queue: Row[Any], item: Row[Any]) -> tuple[Rubric, str]:
    """The rubric an item is judged by, and its digest: the queue's, or the one its calibration round tries."""
    if item.calibration_round_id is None:
        return rubric_of(connection, queue)
    table, rubric = schema.calibration_round, schema.rubric
    tried = select(rubric.c.id, rubric.c.sha256).join(table).where(table.c.id == item.calibration_round_id)
    return _rubric(connection, *connection.execute(tried).one())


_KNOWN: dict[str, Rubric] = {}  # by the digest of its wording: every claim and submit asks for one, and it is large


def _rubric(connection: Connection, rubric_id: int, digest: str) -> tuple[Rubric, str]:
    if digest not in _KNOWN:
        row = connection.execute(select(schema.rubric).where(schema.rubric.c.id == rubric_id)).one()
        _KNOWN[digest] = read_stored(row)
    return _KNOWN[digest], digest


def read_stored(row: Row[Any]) -> Rubric:
    """A stored rubric. Excerpts of the first release had no reason of their own: the wording of the mark was it."""
    body = row.body
    for criterion in body["criteria"]:
        for anchor in criterion["anchors"].values():
            given = anchor.get("excerpts", ())
            anchor["excerpts"] = [
                {"text": one, "why": anchor["wording"]} if isinstance(one, str) else one for one in given
            ]
    return msgspec.convert(body, Rubric, strict=False)
