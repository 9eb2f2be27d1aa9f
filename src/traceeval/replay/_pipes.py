"""Length-prefixed messages over pipes."""

from __future__ import annotations

import os
import struct

_LENGTH = struct.Struct("<Q")


def send(pipe: int, data: bytes) -> None:
    rest = memoryview(_LENGTH.pack(len(data)) + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def receive(pipe: int) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return _exactly(pipe, length)


def _exactly(pipe: int, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        data = os.read(pipe, min(1 << 20, length - len(parts)))
        if not data:
            raise EOFError("the other side is gone")
        parts += data
    return bytes(parts)


def frames_in(held: bytearray) -> list[bytes]:
    found = []
    while len(held) >= _LENGTH.size:
        (length,) = _LENGTH.unpack_from(held)
        if len(held) < _LENGTH.size + length:
            break
        found.append(bytes(held[_LENGTH.size : _LENGTH.size + length]))
        del held[: _LENGTH.size + length]
    return found
