"""Runs: the letters and digits of a text, folded, with their places; and where given values stand in it as runs.

One pass over a text finds every wanted value (a trie over runs), so the cost does not grow with how many are wanted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal, TypeAlias

Run: TypeAlias = tuple[str, int, int]
Grade: TypeAlias = Literal["exact", "normalised"]

_ASCII = re.compile(r"[A-Za-z0-9]+")
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"  # scripts without spaces: every character is a run
_WIDE = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[^\W_][\u0300-\u036f]*)+")
_SEPARATED = re.compile(r"[@/\\:*+=<>%&|^~]|^[\w-]+(?:\.[\w-]+)+$")
_PHONE = re.compile(r"\+?[\d\s()-]{7,}")
_PREFIX = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|tel:)?(?:www\.)?", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w@+%~-]")


def runs(text: str) -> Iterator[Run]:
    """(folded run, start, end) of every run of letters and digits, in order."""
    if text.isascii():
        return ((match[0], *match.span()) for match in _ASCII.finditer(text.lower()))
    return ((unicodedata.normalize("NFKC", match[0]).casefold(), *match.span()) for match in _WIDE.finditer(text))


@lru_cache(maxsize=4096)
def key(value: str) -> tuple[str, ...]:
    """The runs of a value, without scheme and ``www.``: equal for values that differ in case, marks and spaces only."""
    return tuple(run for run, _, _ in _places(value))


def _places(value: str) -> list[Run]:
    skipped = _PREFIX.match(value).end()  # type: ignore[union-attr]  # it matches the empty text
    return [(run, start + skipped, end + skipped) for run, start, end in runs(value[skipped:])]


class Trie:
    """Wanted values by their runs."""

    def __init__(self, values: Iterable[str]) -> None:
        self.root: dict[str, Any] = {}
        for value in values:
            node, found = self.root, key(value)
            for run in found:
                node = node.setdefault(run, {})
            if found:
                node.setdefault("", []).append(value)

    def scan(self, text: str) -> Iterator[tuple[str, int, int, Grade]]:
        """(value, start, end, grade) of every place of every wanted value; one pass."""
        root = self.root
        open_: list[tuple[dict[str, Any], int]] = []
        for run, start, end in runs(text):
            if not open_ and run not in root:
                continue
            open_.append((root, start))
            open_ = [(node[run], begun) for node, begun in open_ if run in node]
            for node, begun in open_:
                for value in node.get("", ()):
                    placed = grade(text, begun, end, value)
                    if placed is not None:
                        yield value, *placed


def first_place(text: str, low: str, value: str, longest: str) -> tuple[int, int, Grade] | None:
    """(start, end, grade) of the first place a trie would find one value at, in an ASCII text and the same in lower case.

    It looks for the value's ``longest`` run instead of reading every run of the text.
    """
    found = key(value)
    before = found[found.index(longest) - 1 :: -1] if found[0] != longest else ()
    at = low.find(longest)
    while at >= 0:
        start = at
        for run in before:
            start = low.rfind(run, 0, start) if start >= 0 else start
        end = _followed(low, found, start) if start >= 0 else None
        placed = grade(text, start, end, value) if end is not None else None
        if placed is not None:
            return placed
        at = low.find(longest, at + 1)
    return None


def _followed(low: str, found: tuple[str, ...], at: int) -> int | None:
    """Where the last of some runs ends that stand one after another from ``at`` on; None when they do not."""
    if at and low[at - 1].isalnum():
        return None
    for run in found:
        match = _ASCII.search(low, at)
        if match is None or match[0] != run:
            return None
        at = match.end()
    return at


def grade(text: str, start: int, end: int, value: str) -> tuple[int, int, Grade] | None:
    """(start, end, grade) of a value whose runs stand there; None when it is another value all the same.

    Between the runs of an id or a name any marks will do (``ORD-77`` is ``ord 77``). Addresses, paths and expressions
    have to agree in every mark but case, scheme, ``www.`` and a closing slash or stop, and must not be a piece of a longer one.
    """
    lead, trail, separated = _edges(value)
    low, high = max(0, start - lead), end + trail
    if text[low:high] == value:
        return (low, high, "exact") if not separated or _whole(text, low, high) else None
    if not separated:
        exact = text[start:end] == value[lead : len(value) - trail] and not lead and not trail
        return start, end, "exact" if exact else "normalised"
    if _normal(text[start:end]) != _normal(value) or not _whole(text, start, end):
        return None
    return start, end, "normalised"


@lru_cache(maxsize=4096)
def _edges(value: str) -> tuple[int, int, bool]:
    """(characters before its first run, behind its last, whether its marks count)."""
    places = _places(value)
    separated = bool(_SEPARATED.search(value.strip())) and not _PHONE.fullmatch(value.strip())
    return places[0][1], len(value) - places[-1][2], separated


def _normal(text: str) -> str:
    """NFKC, case and white space folded, ``_`` as space, without scheme, ``www.`` and a closing slash or stop."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())
    return folded[_PREFIX.match(folded).end() :].strip("/.")  # type: ignore[union-attr]


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no longer address goes on at either end."""
    before, after = text[start - 1 : start], text[end : end + 2]
    if before and (_ADDRESS.match(before) or (before == "." and text[start - 2 : start - 1].isalnum())):
        return text[max(0, start - 4) : start].lower() == "www."
    if after and _ADDRESS.match(after):
        return False
    return not (len(after) == 2 and after[0] in ".-" and after[1].isalnum())
