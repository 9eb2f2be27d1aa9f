"""Tokens, stems and numbers of the embedded checker (faithfulness.md section 2, items 4-6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

import msgspec

from traceeval.measures.memo import remembered
from traceeval.measures.phrases import pattern

# The look ahead skips punctuation and spaces at once: without it every alternative is tried at each of them.
TOKEN = re.compile(r"(?=[\w$€£¥%])(?:[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,:/]\d+)*%?|[$€£¥%])")
SIGNS = frozenset("$€£¥%")
STOP = frozenset(
    "a an the and or but if then of to in on at by for with from as is are was were be been being it its this that these "
    "those he she they them his her their we our you your i me my us who whom which what when where why how there here "
    "has have had do does did will would can could shall should may might must not no nor so than too very also just "
    "into over after before about up down out off again further once during between both each few more most other some "
    "such only own same s t re ve ll d m said says say according".split()
)
_SUFFIXES = (
    ("ations", "at"),
    ("ation", "at"),
    ("ingly", ""),
    ("edly", ""),
    ("iness", "y"),
    ("ness", ""),
    ("ments", ""),
    ("ment", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ing", ""),
    ("ers", "er"),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
    ("e", ""),
)
_ENDINGS = tuple(suffix for suffix, _ in _SUFFIXES)
_WEIGHTS = tuple(1 + 0.06 * length for length in range(11))


class Tokens(msgspec.Struct, frozen=True, gc=False):
    """A text as parallel tuples: ``raw`` words, ``low`` lower-cased, ``stems``.

    ``content``: the stems that carry content, repeated as they stand.
    """

    raw: tuple[str, ...]
    low: tuple[str, ...]
    stems: tuple[str, ...]
    content: tuple[str, ...]

    def part(self, start: int, end: int) -> Tokens:
        """The tokens from ``start`` up to ``end``."""
        low, stems = self.low[start:end], self.stems[start:end]
        return Tokens(self.raw[start:end], low, stems, _content(low, stems))


def _content(low: Iterable[str], stems: Iterable[str]) -> tuple[str, ...]:
    return tuple(s for s, word in zip(stems, low, strict=True) if word not in STOP and word not in SIGNS)


def tokens_of(text: str) -> Tokens:
    """Words, numbers and currency signs of a text, in order."""
    columns = [*zip(*chain.from_iterable(map(_CHUNKS.__getitem__, text.split())), strict=True)]
    if not columns:
        return Tokens((), (), (), ())
    raw, low, stems, content = columns
    return Tokens(raw, low, stems, tuple(filter(None, content)))


tokenise = remembered(200_000)(tokens_of)
"""The same, remembered: for texts that are asked about again."""


class _Chunks(dict[str, tuple[tuple[str, str, str, str], ...]]):
    """What stands between two spaces -> its words as (raw, lower-cased, stem, stem if it carries content).

    Made when first met: no token holds a space, and looking a chunk up costs less than looking for the words in it.
    """

    most, longest = 20_000, 64

    def __missing__(self, chunk: str) -> tuple[tuple[str, str, str, str], ...]:
        words = tuple([_word(raw) for raw in ([chunk] if chunk.isalpha() else TOKEN.findall(chunk))])
        if len(chunk) <= self.longest:
            if len(self) >= self.most:
                self.clear()
            self[chunk] = words
        return words


def _word(raw: str) -> tuple[str, str, str, str]:
    low = raw.lower().replace("’", "'")
    found = low if low[0].isdecimal() else stem(low)
    return raw, low, found, "" if low in STOP or low in SIGNS else found


_CHUNKS = _Chunks()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A lower-cased word without its inflection: policies -> policy, stopped -> stop. Digits are never stemmed."""
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) <= 3 or not word[0].isalpha():
        return word
    for suffix, instead in _SUFFIXES if word.endswith(_ENDINGS) else ():
        if word.endswith(suffix) and len(word) - len(suffix) + len(instead) >= 3 and len(word) > len(suffix) + 2:
            word = word[: len(word) - len(suffix)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] + "y" if word.endswith("i") else word


def weight(token: str) -> float:
    """How much a stem counts: 1 + .06 per character, at most ten."""
    return _WEIGHTS[len(token)] if len(token) < 10 else _WEIGHTS[10]


@lru_cache(maxsize=20_000)
def number_value(token: str) -> float | str | None:
    """Value of a digit token, thousands separators and % dropped; None for words.

    What does not parse is itself, a time of day without seconds that are none (``08:00:00`` is ``8:00``).
    """
    if not token[:1].isdigit():
        return None
    bare = token.rstrip("%")
    try:
        return float(bare.replace(",", ""))
    except ValueError:
        clock = pattern("answers", "time_of_day").fullmatch(bare)
        return f"{int(clock[1])}:{clock[2]}" if clock else bare
