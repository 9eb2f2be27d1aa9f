"""What is looked up for a value: the whole of it, or of a long text and an address only the telling pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from traceeval.measures.dates import Day, days_in
from traceeval.model import Json

LONG = 40
_MOST_PIECES = 400
_URL = r"https?://[^\s\"'<>)\]}]{1,300}"
_SALIENT = (
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    rf"|{_URL}"
    r"|(?<![A-Za-z0-9])[A-Z]{2}\d{2}[A-Z0-9]{10,30}(?![A-Za-z0-9])"
    r"|(?<![\w-])(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])[A-Za-z0-9_-]{16,200}(?![\w-])"
    r"|(?<!\d)\d{8,40}"
)
SALIENT = re.compile(_SALIENT)
_TOLD = re.compile(
    _SALIENT + r"|(?<![\w-])#?(?=[\w-]{0,20}\d)(?=[\w-]{0,20}[A-Za-z])\w[\w-]{2,24}(?![\w-])"
    r"|\b[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){1,3}\b"
    r"|(?<=[\"“])[^\"“”\n]{3,40}(?=[\"”])"
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://(?:[^/?#\s]*@)?([^/?#\s@]+)", re.IGNORECASE)
_PART = re.compile(r"[^/?#&=;]{4,100}")
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,6})(?:\.\d+)?|-?[1-9]\d{0,2}(?:,\d{3}){1,2}(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_DIGITS = re.compile(r"[^\W_]*\d[^\W_]*")


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A part of a value with its range; ``parts`` are looked up when the piece as a whole stands nowhere."""

    text: str
    start: int
    end: int
    parts: tuple[Piece, ...] = ()


class Sought(msgspec.Struct, frozen=True, gc=False):
    """All that a value may be found by. ``words`` with ``digits``: runs that have to stand beside the words."""

    pieces: tuple[Piece, ...] = ()
    number: float | None = None
    days: tuple[tuple[Day, int, int], ...] = ()
    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    size: int = 0


_NOTHING = Sought()


def sought(value: Json) -> Sought:
    """What to look up for one argument value."""
    if value is None or isinstance(value, bool):
        return _NOTHING
    return _of_number(value) if isinstance(value, int | float) else _of_text(str(value))


def _of_number(value: float) -> Sought:
    """A long integer is an id, and found as text."""
    text = str(value)
    if isinstance(value, int) and abs(value) >= 10_000_000:
        return Sought(pieces=(Piece(text, 0, len(text)),), size=len(text))
    return Sought(number=float(value), size=len(text))


@lru_cache(maxsize=8192)
def _of_text(text: str) -> Sought:
    if len(text) > LONG:
        return Sought(pieces=tuple(_salient(text)), size=len(text))
    if _PLAIN.fullmatch(text.strip()):
        return Sought(number=float(text.replace(",", "")), size=len(text))
    words = () if SALIENT.search(text) else tuple(dict.fromkeys(word.casefold() for word in _WORD.findall(text)))
    return Sought(
        pieces=(_piece(text, 0),),
        days=tuple(days_in(text)),
        words=words,
        digits=tuple(run.casefold() for run in _DIGITS.findall(text)) if words else (),
        size=len(text),
    )


def told(text: str) -> tuple[Piece, ...]:
    """The telling pieces of what an assistant said: addresses, ids, names, quoted words."""
    return tuple(piece for piece, _ in zip(_matches(_TOLD, text), range(_MOST_PIECES), strict=False))


def _salient(text: str) -> Iterator[Piece]:
    return (piece for piece, _ in zip(_matches(SALIENT, text), range(_MOST_PIECES), strict=False))


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Piece]:
    for match in pattern.finditer(text):
        found = match.group().rstrip(".,;:!?")
        if found:
            yield _piece(found, match.start())


def _piece(text: str, start: int) -> Piece:
    """A piece; an address may also be known by its host and by what stands in its path and query."""
    address = _ADDRESS.match(text)
    if address is None:
        return Piece(text, start, start + len(text))
    rest = ((match.group(), match.start()) for match in _PART.finditer(text, address.end()))
    parts = [(address[1], address.start(1)), *((part, at) for part, at in rest if any(map(str.isdigit, part)))]
    inner = tuple(Piece(part, start + at, start + at + len(part)) for part, at in parts[:20])
    return Piece(text, start, start + len(text), inner)
