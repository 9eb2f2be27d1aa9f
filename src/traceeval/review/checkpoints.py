"""Points of the chain kept outside the database: what shows a cut tail, or a chain computed anew (review.md section 18).

A checkpoint leaves every 100 events or 10 minutes, signed by a command of yours where you name one. Before the next
one leaves, the last must still stand in the chain: a record that was rewritten never gets a fresh checkpoint.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select

from traceeval.errors import ConfigError, StoreFailed
from traceeval.review import schema
from traceeval.review.store import Store

EVERY, SECONDS = 100, 600.0
SIGN_S = 60.0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A point of the chain. ``exported_at``: server time, seconds; ``signature``: what the signing command printed."""

    seq: int
    hash: str
    exported_at: float | None = None
    signature: str | None = None

    @property
    def statement(self) -> str:
        """What is signed: one line, without the signature."""
        return json.dumps({"seq": self.seq, "hash": self.hash}) + "\n"

    @property
    def line(self) -> str:
        """What is kept: one line of JSON."""
        return json.dumps({name: value for name, value in asdict(self).items() if value is not None})


def checkpoint(store: Store, *, sign: Sequence[str] = ()) -> Checkpoint:
    """The present end of the chain, to be kept outside the database. ``sign``: see `signed`.

    Raises:
        StoreFailed: the signing command failed.
    """
    return _recorded(store, signed(_head(store), sign))


def signed(point: Checkpoint, command: Sequence[str]) -> Checkpoint:
    """The checkpoint with what ``command`` prints for its statement on standard input, e.g. ``ssh-keygen -Y sign``.

    Raises:
        StoreFailed: the command cannot be run, takes over a minute, or fails.
    """
    if not command:
        return point
    try:
        done = subprocess.run(
            list(command), input=point.statement.encode(), capture_output=True, timeout=SIGN_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StoreFailed(f"checkpoint {point.seq} is not signed: {error}; try the command by hand") from error
    return Checkpoint(point.seq, point.hash, point.exported_at, done.stdout.decode("utf-8", "replace").strip())


def _head(store: Store) -> Checkpoint:
    with store.read() as connection:
        head = connection.execute(select(schema.audit_head)).one()
        return Checkpoint(head.seq, head.hash, store.now(connection))


def _recorded(store: Store, point: Checkpoint) -> Checkpoint:
    store.transact(lambda connection: connection.execute(insert(schema.audit_checkpoint).values(**asdict(point))))
    return point


def read_checkpoints(path: Path) -> tuple[Checkpoint, ...]:
    """Every checkpoint of a file, one a line. A last line that was cut while it was written is none.

    Raises:
        ConfigError: it cannot be read, holds none, a line is no checkpoint, or two lines contradict each other.
    """
    first: dict[int, tuple[int, str]] = {}
    found = _numbered(path)
    for number, one in found:
        before, link = first.setdefault(one.seq, (number, one.hash))
        if link != one.hash:
            raise ConfigError(
                f"{path}: lines {before} and {number} contradict each other at event {one.seq}: one of them is forged; "
                "find out which before you verify by either"
            )
    return tuple(one for _, one in found)


def _numbered(path: Path) -> list[tuple[int, Checkpoint]]:
    """The checkpoints of a file with the numbers of their lines."""
    try:
        *lines, last = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); `traceeval audit checkpoint` prints one") from error
    found = [(number, _parsed(path, number, line)) for number, line in enumerate(lines, 1) if line.strip()]
    if last.strip() and not found:  # one checkpoint, written without its newline
        found.append((1, _parsed(path, 1, last)))
    if not found:
        raise ConfigError(f"{path}: no checkpoint in it; `traceeval audit checkpoint` prints one")
    return found


def _parsed(path: Path, number: int, line: str) -> Checkpoint:
    try:
        body = json.loads(line)
        at, signature = body.get("exported_at"), body.get("signature")
        return Checkpoint(int(body["seq"]), str(body["hash"]), at, signature)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{path}:{number}: no checkpoint ({error}); `traceeval audit checkpoint` prints one"
        ) from error


class Checkpointer:
    """Lets checkpoints out of the database when they are due; call `tick` every few seconds."""

    def __init__(
        self,
        store: Store,
        *,
        file: Path | None = None,
        say: Callable[[str], object] | None = None,
        sign: Sequence[str] = (),
        every: int = EVERY,
        seconds: float = SECONDS,
    ) -> None:
        """``file``: appended to and synced; ``say``: called with each line. Either must be on other storage."""
        self._store, self._file, self._say, self._sign = store, file, say, tuple(sign)
        self._every, self._seconds = every, seconds

    def tick(self) -> Checkpoint | None:
        """Export the end of the chain when it is due; None when it is not.

        Raises:
            StoreFailed: the last checkpoint no longer stands in the chain, or this one cannot be written or signed.
        """
        with self._store.read() as connection:
            head = connection.execute(select(schema.audit_head)).one()
            now, last = self._store.now(connection), self._last(connection)
            if not self._due(head.seq, last, now):
                return None
            _require_stands(connection, last)
        point = signed(Checkpoint(head.seq, head.hash, now), self._sign)
        self._export(point)
        return _recorded(self._store, point)

    def _due(self, seq: int, last: Checkpoint | None, now: float) -> bool:
        if last is None:
            return seq > 0
        return seq != last.seq and (
            abs(seq - last.seq) >= self._every or now - (last.exported_at or 0.0) >= self._seconds
        )

    def _last(self, connection: Connection) -> Checkpoint | None:
        """The last one outside; the database's own copy only where no file is kept."""
        if self._file is not None:
            return _numbered(self._file)[-1][1] if self._file.exists() and self._file.stat().st_size else None
        table = schema.audit_checkpoint
        row = connection.execute(select(table).order_by(table.c.id.desc()).limit(1)).first()
        return None if row is None else Checkpoint(row.seq, row.hash, row.exported_at, row.signature)

    def _export(self, point: Checkpoint) -> None:
        for write in self._sinks():
            try:
                write(point.line)
            except OSError as error:
                raise StoreFailed(f"checkpoint {point.seq} was not written: {error}; it is tried again") from error

    def _sinks(self) -> Iterator[Callable[[str], object]]:
        if self._file is not None:
            yield self._append
        if self._say is not None:
            yield self._say

    def _append(self, line: str) -> None:
        """One line, synced; what a crash left of an earlier line is no checkpoint, and goes."""
        with open(str(self._file), "a+b") as out:
            out.seek(0)
            whole = sum(len(one) for one in out if one.endswith(b"\n"))
            out.truncate(whole)
            out.write(line.encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())


def _require_stands(connection: Connection, last: Checkpoint | None) -> None:
    """The chain still holds the last checkpoint: else a fresh one would bless what replaced it."""
    if last is None or last.seq == 0:
        return
    table = schema.audit_event
    held = connection.execute(select(table.c.hash).where(table.c.seq == last.seq)).scalar()
    if held != last.hash:
        raise StoreFailed(
            f"event {last.seq} is not the one of the last checkpoint: the record was cut or rewritten, and no new "
            "checkpoint is made; keep the file and run `traceeval audit verify --checkpoint`"
        )
