"""Gathers the spans of each trace, however their batches interleave, in bounded memory.

OTLP has no end-of-trace mark. Up to ``MAX_SPANS`` are held; a larger file is parted by trace over temporary files and
read back part by part.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO
from zlib import crc32

import msgspec

from traceeval.adapters._raw import RawSpan

MAX_SPANS = 20_000
_PARTS = 64
_PACK = msgspec.msgpack.Encoder()
_UNPACK = msgspec.msgpack.Decoder(RawSpan)


def by_trace(spans: Iterable[RawSpan], most: int = MAX_SPANS) -> Iterator[list[RawSpan]]:
    """The spans of each trace, in the order of the source; traces by first appearance while they fit."""
    held: dict[str, list[RawSpan]] = {}
    rest = iter(spans)
    for count, span in enumerate(rest, 1):
        held.setdefault(span.trace, []).append(span)
        if count >= most:
            yield from _parted(held, rest)
            return
    while held:
        yield held.pop(next(iter(held)))


def _parted(held: dict[str, list[RawSpan]], rest: Iterator[RawSpan]) -> Iterator[list[RawSpan]]:
    parts: list[IO[bytes]] = [tempfile.TemporaryFile() for _ in range(_PARTS)]  # noqa: SIM115 - closed below
    try:
        for group in held.values():
            for span in group:
                _put(parts, span)
        held.clear()
        for span in rest:
            _put(parts, span)
        for part in parts:
            yield from _read(part)
    finally:
        for part in parts:
            part.close()


def _put(parts: list[IO[bytes]], span: RawSpan) -> None:
    data = _PACK.encode(span)
    parts[crc32(span.trace.encode()) % _PARTS].write(len(data).to_bytes(8, "big") + data)


def _read(part: IO[bytes]) -> Iterator[list[RawSpan]]:
    part.seek(0)
    held: dict[str, list[RawSpan]] = {}
    while size := part.read(8):
        span = _UNPACK.decode(part.read(int.from_bytes(size, "big")))
        held.setdefault(span.trace, []).append(span)
    while held:
        yield held.pop(next(iter(held)))
