"""From the frame of a run to the review queue: every trace is a unit with its inclusion probability."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import IO, Self

import msgspec

from traceeval.model import QueueRow
from traceeval.run._batch import Unit
from traceeval.run._setup import Setup


class Spool:
    """Units on disk between scoring and queueing, so that memory does not grow with the run."""

    def __enter__(self) -> Self:
        """Open an unnamed temporary file."""
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="traceeval-units-")
        self._encoder = msgspec.msgpack.Encoder()
        self.count = 0
        return self

    def add(self, units: Iterable[Unit]) -> None:
        """Append units."""
        for unit in units:
            block = self._encoder.encode(unit)
            self._file.write(len(block).to_bytes(8, "big"))
            self._file.write(block)
            self.count += 1

    def __iter__(self) -> Iterator[Unit]:
        """Every unit, in the order of the input."""
        decoder = msgspec.msgpack.Decoder(Unit)
        self._file.seek(0)
        while head := self._file.read(8):
            yield decoder.decode(self._file.read(int.from_bytes(head, "big")))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The file vanishes."""
        self._file.close()


def enqueue(url: str, spool: Spool, setup: Setup) -> QueueRow:
    """Queue what was drawn; a second run over the same input adds nothing twice."""
    raise NotImplementedError
