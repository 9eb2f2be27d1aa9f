"""The number a sentence gives for a field, and whether it is the observed one: for ``generator.contradicted_claim``."""

from __future__ import annotations

import re
from functools import lru_cache

from traceeval.graph._lexicon import pattern, words_of
from traceeval.measures.lexicon import MONTHS, SCALES, UNITS
from traceeval.model import Json

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MINOR = frozenset({"cent", "cents", "minor", "pence"})
_TINY = 1e-9
_LEAST_LETTERS = 3


def number_of(value: Json) -> float | None:
    """A recorded value as a number; None for anything that is none, a yes or no included."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) else None


@lru_cache(maxsize=4096)
def names_amount(key: str) -> bool:
    """Whether a field's name has words a sentence could use for it."""
    return any(len(word) >= _LEAST_LETTERS for word in _spoken(key))


def said_otherwise(text: str, key: str, observed: float) -> str | None:
    """The number a lower-case sentence gives for a field where it is not the observed one; None where it is, or none is given.

    Rounding is none: the observed number is rounded to the decimals that are said; nor are cents said in whole money, a
    share said in percent, a scale word. A number in another unit than the field's name says, of several things, or
    hedged, is not compared.
    """
    for name in _name(key).finditer(text):
        if not pattern("before_field").search(text[: name.start()]):
            continue
        said = pattern("says_number").match(text, name.end())
        if said is None or pattern("another_number").search(said[1]) or _another_unit(key, said[3] or ""):
            continue
        if not _same(key, observed, said[2].replace(",", ""), said[3] or ""):
            return said[2]
    return None


def _same(key: str, observed: float, number: str, follows: str) -> bool:
    slack = 0.5 * 10 ** -len(number.partition(".")[2]) + _TINY
    said = float(number)
    meant = [said * SCALES.get(follows, 1.0)]
    if follows in ("%", "percent"):
        meant.append(said / 100)
        slack = min(slack, slack / 100) if abs(observed) < 1 else slack
    if _MINOR.intersection(words_of(key)):
        meant.append(said * 100)
    scale = SCALES.get(follows, 1.0)
    return any(abs(observed - value) <= slack * max(scale, 1.0) for value in meant)


def _another_unit(key: str, follows: str) -> bool:
    """Whether what follows the number is a unit the field's name does not say, or makes it a date or a rate."""
    if follows in MONTHS or follows in ("per", "each", "a", "an", "of", "more", "less", "out"):
        return True
    unit = UNITS.get(follows)
    return unit is not None and unit not in ("dollar", "euro", "percent") and unit not in _units(key)


@lru_cache(maxsize=4096)
def _units(key: str) -> frozenset[str]:
    return frozenset(UNITS[word] for word in words_of(key) if word in UNITS)


@lru_cache(maxsize=4096)
def _spoken(key: str) -> tuple[str, ...]:
    """The words of a field's name that are said: without units at its end."""
    words = list(words_of(key))
    while len(words) > 1 and (words[-1] in UNITS or words[-1] in _MINOR or words[-1] in ("in", "amount")):
        words.pop()
    return tuple(words)


@lru_cache(maxsize=4096)
def _name(key: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in _spoken(key)]
    return re.compile(r"\b" + r"[ _-]".join(words) + r"(?:e?s)?\b")
