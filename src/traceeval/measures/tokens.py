"""Tokens, stems and numbers of the embedded checker (faithfulness.md section 2, items 4-6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*%?|[^\W\d_]+(?:['’][^\W\d_]+)?|[$€£¥%]")
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


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as parallel tuples: ``raw`` words, ``low`` lower-cased, ``stems``, and where each ``starts``."""

    raw: tuple[str, ...]
    low: tuple[str, ...]
    stems: tuple[str, ...]
    starts: tuple[int, ...]

    @property
    def content(self) -> tuple[str, ...]:
        """Stems that carry content, repeated as they stand."""
        return tuple(s for s, low in zip(self.stems, self.low, strict=True) if low not in STOP and low not in SIGNS)


@lru_cache(maxsize=4096)
def tokenise(text: str) -> Tokens:
    """Words, numbers and currency signs of a text, in order."""
    raw, starts = [], []
    for match in TOKEN.finditer(text):
        raw.append(match.group())
        starts.append(match.start())
    low = tuple(word.lower().replace("’", "'") for word in raw)
    return Tokens(tuple(raw), low, tuple(map(stem, low)), tuple(starts))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A lower-cased word without its inflection: policies -> policy, stopped -> stop. Digits are never stemmed."""
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) <= 3 or not word[0].isalpha():
        return word
    for suffix, instead in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) + len(instead) >= 3 and len(word) > len(suffix) + 2:
            word = word[: len(word) - len(suffix)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] + "y" if word.endswith("i") else word


def weight(token: str) -> float:
    """How much a stem counts: 1 + .06 per character, at most ten."""
    return 1 + 0.06 * min(len(token), 10)


def number_value(token: str) -> float | str | None:
    """Value of a digit token, thousands separators and % dropped; itself when it does not parse; None for words."""
    if not token[:1].isdigit():
        return None
    bare = token.rstrip("%")
    try:
        return float(bare.replace(",", ""))
    except ValueError:
        return bare
