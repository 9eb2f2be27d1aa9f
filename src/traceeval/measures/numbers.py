"""Numbers and dates in texts: their values in context, and whether one was computed from others."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import combinations

from traceeval.measures.lexicon import MONTHS, NUMBER_WORDS, SCALES, TOTAL_WORDS
from traceeval.measures.phrases import pattern
from traceeval.measures.tokens import Tokens, number_value, stem

_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}%?")
_MOST = 40
_WAYS, _BY_CHANCE = 8, 0.05  # results of two numbers; share of numbers they may hit
_HALVES = {"am": 0, "pm": 12}
_TIMES = 8  # more would leave few spans of five minutes that no two of them are apart
SPELLED = frozenset(NUMBER_WORDS) | frozenset(SCALES)
"""Words that are numbers, or change the one before them."""
SPELLED_STEMS = frozenset(map(stem, SPELLED))


def values_of(tokens: Tokens) -> set[float | str]:
    """Every numeric value a text states, digits and number words, scale words applied (``5 million`` = 5,000,000)."""
    return set(_values(tokens))


def states_beside(tokens: Tokens, known: Set[float | str]) -> bool:
    """Whether a text states any value but those that are known."""
    return any(value not in known for value in _values(tokens))


def digits_beside(words: Iterable[str], known: Set[float | str]) -> bool:
    """Whether a digit token among these words says any value but those that are known."""
    return any(value not in known for word in words if word[0].isdigit() for value in readings(word))


def _values(tokens: Tokens) -> Iterator[float | str]:
    low = tokens.low
    for at, token in enumerate(low):
        if not (token[0].isdigit() or token in NUMBER_WORDS):
            continue
        following = low[at + 1] if at + 1 < len(low) else ""
        value = number_value(low[at])
        if value is None:
            value = NUMBER_WORDS[low[at]]
            ones = NUMBER_WORDS.get(following, 0.0)
            if 20 <= value < 100 and 1 <= ones < 10:  # seventy-five
                yield value + ones
                continue
            if at and 1 <= value < 10 and 20 <= NUMBER_WORDS.get(low[at - 1], 0.0) < 100:
                continue
        yield from readings(low[at]) if isinstance(value, str) else (value,)
        if following in _HALVES:
            yield from _time_of_day(low[at], following)
        if isinstance(value, float) and following in SCALES:
            yield value * SCALES[following]


def _time_of_day(token: str, half: str) -> Iterator[str]:
    """``8 am`` and ``1:30 pm`` as a clock of 24 hours shows them."""
    clock = pattern("answers", "half_day").fullmatch(token)
    if clock and 1 <= int(clock[1]) <= 12:
        yield f"{int(clock[1]) % 12 + _HALVES[half]}:{clock[2] or '00'}"


@lru_cache(maxsize=10_000)
def readings(token: str) -> tuple[float | str, ...]:
    """What a digit token says by itself: its value, or itself and the numbers it is made of (``3/4``); () for words."""
    value = number_value(token)
    if not isinstance(value, str):
        return () if value is None else (value,)
    return (value, *(part for piece in re.split(r"[/:.,]", value) if (part := _float(piece)) is not None))


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def digit_values(tokens: Tokens) -> list[tuple[str, float | str]]:
    """(token, value) of every digit token, scale words applied."""
    found = []
    low = tokens.low
    for at in [at for at, token in enumerate(low) if token[0].isdigit()]:
        value = number_value(low[at])
        if value is None:
            continue
        following = low[at + 1] if at + 1 < len(low) else ""
        if isinstance(value, float) and following in SCALES:
            value *= SCALES[following]
        found.append((tokens.raw[at], value))
    return found


def dates_of(text: str, tokens: Tokens) -> set[tuple[int | None, int | None, int]]:
    """Dates a text states, as (year or None, month or None, day): ISO, ``3 May 2012``, ``May 3rd, 2012``."""
    found: set[tuple[int | None, int | None, int]] = {
        (int(y), int(m), int(d)) for y, m, d in _ISO.findall(text) if 1 <= int(m) <= 12
    }
    low = tokens.low
    if MONTHS.keys().isdisjoint(low):
        return found
    for at, token in enumerate(low):
        month = MONTHS.get(token)
        if month is None:
            continue
        near = [(i, number_value(low[i])) for i in (at - 1, at + 1, at + 2) if 0 <= i < len(low)]
        day = next((int(v) for _, v in near if isinstance(v, float) and 1 <= v <= 31), None)
        year = next((int(v) for _, v in near if isinstance(v, float) and 1000 <= v <= 2999), None)
        if day is not None:
            found.add((year, month, day))
    return found


def has_decimal_comma(tokens: Iterable[str]) -> bool:
    """Whether a number looks like a European decimal (``1,5``): its value is not known then."""
    return any(_DECIMAL_COMMA.fullmatch(token) for token in tokens if "," in token)


def computed_from(raw: str, target: float, observed: Sequence[float], words: Iterable[str]) -> bool:
    """Whether a number is a sum, difference, product, quotient or percentage of two observed numbers, as rounded.

    Coincidences are likely for short numbers and long texts: without a word such as "total", under three significant
    digits or where one number in twenty of as many digits would come out by chance, nothing counts as computed.
    """
    digits = re.sub(r"\D", "", raw).strip("0")
    numbers = list(dict.fromkeys(observed))[:_MOST]
    chance = _WAYS * math.comb(len(numbers), 2) / (9 * 10 ** (len(digits) - 1)) if digits else 1.0
    if (len(digits) < 3 or chance > _BY_CHANCE) and not TOTAL_WORDS & set(words):
        return False
    decimals = len(raw.rstrip("%").partition(".")[2])
    slack = 0.5000001 * 10**-decimals
    return any(abs(made - target) <= slack for a, b in combinations(numbers, 2) for made in _made(a, b))


def time_between(raw: str, times: Iterable[float | str]) -> bool:
    """Whether ``h:mm`` is how far two times of day lie apart; of more than eight nothing is told."""
    wanted = _minutes(number_value(raw))
    known = {at for time in times if (at := _minutes(time)) is not None}
    if wanted is None or len(known) > _TIMES:
        return False
    return any(abs(a - b) == wanted for a, b in combinations(known, 2))


def _minutes(time: float | str | None) -> int | None:
    clock = pattern("answers", "time_of_day").fullmatch(time) if isinstance(time, str) else None
    return 60 * int(clock[1]) + int(clock[2]) if clock else None


def _made(a: float, b: float) -> Iterator[float]:
    yield a + b
    yield abs(a - b)
    yield a * b
    yield a * b / 100
    if b:
        yield a / b
        yield 100 * a / b
    if a:
        yield b / a
        yield 100 * b / a
