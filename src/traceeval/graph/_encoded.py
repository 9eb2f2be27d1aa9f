"""Texts that hide in other texts: base64, hex, percent signs, look-alikes, invisible characters, reversal.

Decoding only finds where a value comes from; nothing decoded is run or believed. Linear in the text.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from traceeval.measures.memo import remembered
from traceeval.measures.patterns import search_any

LEAST = 6
_B64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{12,200000}={0,2}(?![A-Za-z0-9+/_=-])")
_HEX = re.compile(r"(?<![0-9A-Za-z\\])(?:0x)?(?:(?:\\x)?[0-9a-fA-F]{2}){6,100000}(?![0-9A-Za-z])")
_LONG = re.compile(r"[A-Za-z0-9+/_\\-]{12}")  # neither is shorter
_TOKEN = re.compile(r"\S{1,2000}")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
# Letters of other scripts that look Latin: hand-picked from Unicode TR39 (confusables.txt), one for one.
_ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏԛԝАВЕКМНОРСТХУІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοιν",
    "aeopcyxijsdhlqwABEKMHOPCTXYIJSABEZHIKMNOPTYXaoiv",
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text that another hides between ``start`` and ``end``. ``offsets``: where each character stood, if one for one."""

    text: str
    start: int
    end: int
    encoding: str
    offsets: tuple[int, ...] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The range of the hiding text for a range of this one."""
        if self.offsets is None or end <= start:
            return self.start, self.end
        return self.offsets[start], self.offsets[end - 1] + 1


def may_hide(text: str) -> bool:
    """Whether ``decodings`` may find anything in a text, or in any part of it."""
    return not text.isascii() or _hiding()(text) is not None


@cache
def _hiding() -> Callable[[str], object | None]:
    return search_any(["%", _LONG.pattern])


@remembered(300_000)
def decodings(text: str) -> tuple[Decoded, ...]:
    """Every text hidden in a text; what is decoded may hide another."""
    return tuple(_nested(text))


def _nested(text: str) -> Iterator[Decoded]:
    for found in _decodings(text):
        yield found
        for inner in _decodings(found.text):
            start, end = found.place(inner.start, inner.end)
            yield Decoded(inner.text, start, end, f"{inner.encoding} in {found.encoding}")


def _decodings(text: str) -> Iterator[Decoded]:
    if _LONG.search(text):
        for match in _B64.finditer(text):
            yield from _readable(_unbase64(match.group()), match, "base64")
        for match in _HEX.finditer(text):
            yield from _readable(_unhex(match.group()), match, "hex")
    if "%" in text:
        for match in _TOKEN.finditer(text):
            if _PERCENT.search(match.group()):
                yield Decoded(unquote(match.group(), errors="replace"), match.start(), match.end(), "url")
    if not text.isascii():
        yield from _unmasked(text)


def _unbase64(token: str) -> bytes | None:
    plain = token.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _unhex(token: str) -> bytes:
    return bytes.fromhex(token.removeprefix("0x").replace("\\x", ""))


def _readable(found: bytes | None, match: re.Match[str], encoding: str) -> Iterator[Decoded]:
    """What was decoded, if it is text: chance decodes long words to bytes that are none."""
    try:
        text = found.decode() if found is not None else ""
    except UnicodeDecodeError:
        return
    shown = sum(char.isalnum() for char in text)
    if len(text) >= LEAST and shown >= 0.5 * len(text) and all(c.isprintable() or c.isspace() for c in text):
        yield Decoded(text, match.start(), match.end(), encoding)


def _unmasked(text: str) -> Iterator[Decoded]:
    """Look-alikes replaced and invisible characters left out; texts of invisible tag characters by themselves."""
    for match in _TAGS.finditer(text):
        yield Decoded("".join(chr(ord(c) - 0xE0000) for c in match.group()), match.start(), match.end(), "tags")
    seen = [at for at, char in enumerate(text) if not _INVISIBLE.match(char)]
    bare = "".join(text[at] for at in seen)
    plain = bare.translate(_ALIKE)
    if plain != text:
        encoding = "zero-width" if plain == bare else "homoglyph"
        yield Decoded(plain, 0, len(text), encoding, tuple(seen))
