"""Opens what a path names: plain or gzipped bytes, within limits that protect the reader from hostile files.

It knows nothing of formats and never looks at a file's name.
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import BinaryIO

from traceeval.errors import InputError, InputTruncated, LimitExceeded

MAX_BYTES = 2 << 30
MAX_RATIO = 200
HEAD = 1 << 18
_RATIO_FROM = 1 << 20
_GZIP = b"\x1f\x8b"


class Limited(io.RawIOBase):
    """Bytes of a stream, expanded if they are gzip, with the limits enforced as they are read."""

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self.where = where
        self._packed = Counted(stream)
        buffered = io.BufferedReader(self._packed, HEAD)
        self._gzip = buffered.peek(2)[:2] == _GZIP
        self._source: BinaryIO = gzip.GzipFile(fileobj=buffered) if self._gzip else buffered  # type: ignore[assignment]
        self._count = 0
        self._broken: Exception | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer.

        Raises:
            InputTruncated: the gzip stream ends in the middle.
            InputError: the gzip stream is damaged, or the file cannot be read.
            LimitExceeded: too many bytes, or a gzip that expands too far.
        """
        try:
            size = self._fill(buffer)
        except EOFError as error:
            raise InputTruncated(f"{self.where}: the gzip stream ends in the middle; fetch the file again") from error
        except (OSError, zlib.error) as error:
            raise InputError(f"{self.where}: cannot be read: {error}") from error
        self._count += size
        self._check()
        return size

    def _fill(self, buffer: memoryview) -> int:
        """Fill it up: what is peeked at must not depend on how a pipe or gzip happens to hand out bytes."""
        size = 0
        try:
            while size < len(buffer) and (got := self._next(buffer[size:])):
                size += got
        except (EOFError, OSError, zlib.error) as error:
            if not size:
                raise
            self._broken = error  # what came before it is read first
        return size

    def _next(self, buffer: memoryview) -> int:
        if self._broken is not None:
            raise self._broken
        got: int = self._source.readinto1(buffer)  # type: ignore[attr-defined]
        return got

    def _check(self) -> None:
        if self._count > MAX_BYTES:
            raise LimitExceeded(f"{self.where}: more than {MAX_BYTES >> 30} GiB expanded; split the file")
        if self._gzip and self._count > max(_RATIO_FROM, MAX_RATIO * self._packed.count):
            raise LimitExceeded(
                f"{self.where}: gzip expands more than {MAX_RATIO} times; expand it yourself if you trust it"
            )

    def close(self) -> None:
        """Close what was opened."""
        self._source.close()
        self._packed.close()
        super().close()


class Counted(io.RawIOBase):
    """A raw stream that counts what was taken from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)

    def close(self) -> None:
        """Close the stream below."""
        self._stream.close()
        super().close()


def open_bytes(path: str) -> io.BufferedReader:
    """A readable, peekable stream of the expanded bytes; ``-`` is standard input.

    Raises:
        InputError: there is no such file, or it cannot be opened.
    """
    if path == "-":
        return limited(sys.stdin.buffer, "-")
    try:
        return limited(Path(path).open("rb", buffering=0), path)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened: {error.strerror or error}") from error


def limited(stream: BinaryIO, where: str) -> io.BufferedReader:
    """The same for a stream that is open already."""
    return io.BufferedReader(Limited(stream, where), HEAD)
