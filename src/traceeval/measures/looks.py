"""Cheap looks before costly patterns: most texts match none of them, and have to be told so fast."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from traceeval.measures.once import once

_MARKS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
_HEADED = re.compile(r"\\b([^\W\d_])(?![?*+{])")
_OPENED = re.compile(r"(\\b|)\(\?:")
_OWN_CASE = re.compile(r"\(\?-i|(?<!\\)[A-Z]")


def may_hold(text: str, words: Iterable[str]) -> bool:
    """Whether a text may match a pattern, any match of which has one of these lower-case ``words``; case is ignored.

    True for every text beyond ASCII, whose letters have more than one fold.
    """
    return not text.isascii() or any(map(text.lower().__contains__, words))


class Look:
    """Whether any of many patterns that ignore case matches a text, told several times as fast as by asking each.

    Their alternatives are taken apart and put together again by their first letter, because a regular expression tries
    one after the other. Nothing else changes: it says yes exactly where one of them matches.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        spread = [one for pattern in patterns for part in _alternatives(pattern) for one in _spread(part)]
        self._plain = [one for one in spread if _OWN_CASE.search(one) is None]
        self._cased = [one for one in spread if _OWN_CASE.search(one) is not None]

    def __call__(self, text: str) -> bool:
        """Whether one of them matches."""
        if not text.isascii():
            return self._found(self._any, text)
        return self._found(self._folded, text.lower()) or self._found(self._upper, text)

    @once
    def _folded(self) -> re.Pattern[str] | None:
        return _joined(self._plain, re.MULTILINE)

    @once
    def _upper(self) -> re.Pattern[str] | None:
        return _joined(self._cased, re.MULTILINE | re.IGNORECASE)

    @once
    def _any(self) -> re.Pattern[str] | None:
        return _joined([*self._plain, *self._cased], re.MULTILINE | re.IGNORECASE)

    @staticmethod
    def _found(pattern: re.Pattern[str] | None, text: str) -> bool:
        return pattern is not None and pattern.search(text) is not None


def _joined(parts: Sequence[str], flags: int) -> re.Pattern[str] | None:
    r"""One pattern of all; those that begin at the edge of a word are grouped, by their letter where they begin with one.

    ``\b(?:a(?:…|…)|b(?:…)|\d+…)``: inside of a word one question answers for all of them.
    """
    by_letter: dict[str, list[str]] = defaultdict(list)
    edged, others = [], []
    for part in parts:
        headed = _HEADED.match(part)
        if headed is not None:
            by_letter[headed[1]].append(part[headed.end() :])
        elif part.startswith(r"\b"):
            edged.append(part[2:])
        else:
            others.append(part)
    edged[:0] = [f"{letter}(?:{'|'.join(rest)})" for letter, rest in sorted(by_letter.items())]
    found = [*([rf"\b(?:{'|'.join(edged)})"] if edged else []), *others]
    return re.compile("|".join(found), flags) if found else None


def _spread(part: str) -> list[str]:
    r"""One alternative as several, where it begins with a group: ``\b(?:a|b)?c`` is ``\bac``, ``\bbc`` and ``\bc``."""
    opened = _OPENED.match(part)
    if opened is None:
        return [part]
    close = next(at for at, depth in _depths(part) if part[at] == ")" and depth == 0)
    choices, rest = _alternatives(part[opened.end() : close]), part[close + 1 :]
    if rest[:1] == "?" and rest[1:2] not in ("?", "+"):
        choices, rest = [*choices, ""], rest[1:]
    if rest[:1] in tuple("?*+{") or "(?P" in rest:
        return [part]
    return [one for choice in choices for one in _spread(f"{opened[1]}{choice}{rest}")]


def _alternatives(pattern: str) -> list[str]:
    """A pattern cut at the bars that stand in no group."""
    bars = [at for at, depth in _depths(pattern) if pattern[at] == "|" and depth == 0]
    return [pattern[start + 1 : end] for start, end in pairwise([-1, *bars, len(pattern)])]


def _depths(pattern: str) -> Iterator[tuple[int, int]]:
    """(place, open groups behind it) of every bracket and bar of a pattern; what is escaped or in a class is neither."""
    depth = 0
    for mark in _MARKS.finditer(pattern):
        if mark[0] in "()":
            depth += 1 if mark[0] == "(" else -1
        if mark[0] in "()|":
            yield mark.start(), depth
