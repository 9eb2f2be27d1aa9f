"""Cheap looks before costly patterns: most texts match none of them, and have to be told so fast."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from traceeval.measures.once import once
from traceeval.measures.patterns import is_linear, search_any

_MARKS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
_HEADED = re.compile(r"\\b([^\W\d_])(?![?*+{])")
_UNLIKE = re.compile(r"[\v\x1c-\x1f]")
"""Space to ``re`` and not to RE2: the only characters of ASCII about which the two differ."""


def may_hold(text: str, words: Iterable[str]) -> bool:
    """Whether a text may match a pattern, any match of which has one of these lower-case ``words``; case is ignored.

    True for every text beyond ASCII, whose letters have more than one fold.
    """
    return not text.isascii() or any(map(text.lower().__contains__, words))


class Look:
    """Whether any of many patterns that ignore case matches a text, told many times as fast as by asking each.

    Their alternatives are taken apart. RE2 goes through a text of ASCII once for all of them, however many there are; those
    it cannot take, and other texts, are for ``re``, where alternatives are put together by their first letter, because it
    tries one after the other. Nothing else changes: it says yes exactly where one of them matches.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._parts = [one for pattern in patterns for part in _alternatives(pattern) for one in _spread(part)]

    def __call__(self, text: str) -> bool:
        """Whether one of them matches."""
        if text.isascii():
            if self._told(text) is None:
                return self._rest is not None and self._rest.search(text) is not None
            if _UNLIKE.search(text) is None:
                return True
        return self._all is not None and self._all.search(text) is not None

    @once
    def _told(self) -> Callable[[str], object | None]:
        """What RE2 can tell; it says yes too to what it takes for another character than ``re`` does."""
        return search_any([_UNLIKE.pattern, *filter(is_linear, self._parts)])

    @once
    def _rest(self) -> re.Pattern[str] | None:
        return _joined([one for one in self._parts if not is_linear(one)])

    @once
    def _all(self) -> re.Pattern[str] | None:
        return _joined(self._parts)


def _joined(parts: Sequence[str]) -> re.Pattern[str] | None:
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
    return re.compile("|".join(found), re.MULTILINE | re.IGNORECASE) if found else None


def _spread(part: str) -> list[str]:
    r"""One alternative as several, where a word begins with a group: ``\b(?:a|b)c`` is ``\bac`` and ``\bbc``."""
    if not part.startswith(r"\b(?:"):
        return [part]
    close = next(at for at, depth in _depths(part) if part[at] == ")" and depth == 0)
    inside, rest = part[5:close], part[close + 1 :]
    if rest[:1] in tuple("?*+{") or "(?P" in rest:
        return [part]
    return [one for choice in _alternatives(inside) for one in _spread(rf"\b{choice}{rest}")]


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
