"""Splits a stream into JSON records: lines where lines parse alone, else one document, else documents in a row.

One cut document yields nothing; of lines and of documents in a row the whole ones are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BufferedReader

import msgspec

from traceeval.adapters._json import decode, scrub
from traceeval.errors import InputError, InputTruncated, LimitExceeded
from traceeval.model import Json

BOM = b"\xef\xbb\xbf"
_LOOK_AHEAD = 20
_WAY_OUT = "write the file again, or keep what is whole as JSON lines"


class Piece(msgspec.Struct, frozen=True, gc=False):
    """One record: its bytes, its line (None: the whole file), and its value, or why there is none."""

    data: bytes
    line: int | None
    value: Json = None
    why: str | None = None


def pieces(stream: BufferedReader, where: str) -> Iterator[Piece]:
    """Every record of the stream.

    Raises:
        InputTruncated: the file is one document that ends in the middle.
        InputError: the file is one document that is no JSON.
        LimitExceeded: the document is nested too deep, or a limit of the stream.
    """
    head = stream.peek(1)
    if b"\n" not in head.strip():  # one line, or one that is longer than the head
        first = stream.readline()
        if not alone(first):
            yield from _documents(first + stream.read(), where)
            return
        yield _piece(first, 1)
        yield from _lines(stream, 2)
    elif is_lines(head):
        yield from _lines(stream, 1)
    else:
        yield from _documents(stream.read(), where)


def is_lines(head: bytes) -> bool:
    """Whether each line is a record of its own: the first one parses alone, or two do, or one after a damaged one."""
    lines = [line for line in head.removeprefix(BOM).split(b"\n")[:_LOOK_AHEAD] if line.strip()]
    good = [number for number, line in enumerate(lines) if alone(line)]
    if not good:
        return False
    return good[0] == 0 or len(good) > 1 or not lines[0].rstrip().endswith((b"{", b"[", b",", b":"))


def alone(line: bytes) -> bool:
    """Whether a line is an object or a list by itself."""
    line = line.removeprefix(BOM)
    if not line.lstrip().startswith((b"{", b"[")):
        return False
    try:
        decode(line)
    except LimitExceeded:
        return True
    except (ValueError, RecursionError):
        return False
    return True


def _lines(stream: BufferedReader, first: int) -> Iterator[Piece]:
    return (_piece(line, number) for number, line in enumerate(stream, first) if line.strip())


def _piece(line: bytes, number: int) -> Piece:
    line = line.removeprefix(BOM)
    try:
        return Piece(line, number, decode(line))
    except LimitExceeded as error:
        return Piece(line, number, why=str(error))
    except ValueError as error:
        return Piece(line, number, why=f"no JSON: {error}")


def _documents(data: bytes, where: str) -> Iterator[Piece]:
    data = data.removeprefix(BOM)
    try:
        value = decode(data)
    except LimitExceeded as error:
        raise LimitExceeded(f"{where}: {error}") from error
    except ValueError:
        yield from _in_a_row(data.decode("utf-8", "replace"), where)
    else:
        yield Piece(data, None, value)


def _in_a_row(text: str, where: str) -> Iterator[Piece]:
    """Documents after one another, as the SDK's console exporter prints them."""
    decoder = json.JSONDecoder(parse_constant=lambda _: None)
    at = _skip(text, 0)
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            if at == _skip(text, 0):
                raise _damaged(error, text, where) from error
            line = text.count("\n", 0, at) + 1
            yield Piece(b"", line, why=f"no JSON: {error.msg}")
            return
        yield Piece(text[at:end].encode(), text.count("\n", 0, at) + 1, scrub(value))
        at = _skip(text, end)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n\x1e":
        at += 1
    return at


def _damaged(error: json.JSONDecodeError, text: str, where: str) -> InputError:
    offset = len(text[: error.pos].encode())
    if error.msg.startswith("Unterminated string") or len(text) - error.pos <= len("false"):
        size = len(text.encode())
        return InputTruncated(f"{where}: the document ends in the middle, at byte {size}: {error.msg}; {_WAY_OUT}")
    return InputError(f"{where}: no JSON at byte {offset} (line {error.lineno}): {error.msg}; {_WAY_OUT}")
