"""Numbers with their units in a text: what is counted or measured, and how much of it."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from traceeval.measures.lexicon import MONTHS, NUMBER_WORDS, SCALES, UNITS, WEEKDAYS
from traceeval.measures.phrases import pattern
from traceeval.measures.tokens import STOP, Tokens, number_value, tokenise

_KINDS = {
    "time": "second minute hour day week month year decade",
    "length": "mm cm m km inch foot yard mile",
    "mass": "mg g kg tonne lb oz",
    "volume": "ml l gallon",
    "area": "acre hectare",
    "money": "dollar cent euro pence yen",
    "share": "percent point",
    "power": "watt kilowatt megawatt volt",
    "temperature": "celsius fahrenheit",
    "speed": "mph kph",
    "data": "byte kb mb gb",
}
_KIND_OF = {unit: kind for kind, units in _KINDS.items() for unit in units.split()}
_MORE = {
    "degrees": "temperature",
    "degree": "temperature",
    "pounds": "money",
    "francs": "money",
    "crowns": "money",
    "kronor": "money",
    "rupees": "money",
    "chf": "money",
    "gbp": "money",
    "century": "time",
    "centuries": "time",
    "fortnight": "time",
    "nights": "time",
    "night": "time",
    "decibels": "sound",
    "decibel": "sound",
    "db": "sound",
    "knots": "speed",
}
_ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth".split())
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_LOOK = 3


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """A number at a token, what it counts (``unit``, a stem) and of which kind that is; None where nothing tells."""

    value: float | str
    unit: str | None
    kind: str | None
    at: int


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of a text in order; years and days of the month are dates and none."""
    tokens = tokenise(text)
    places = [at for at, low in enumerate(tokens.low) if low[0].isdigit() or low in NUMBER_WORDS]
    return tuple([found for at in places if (found := _at(tokens, at, tokens.low[at])) is not None])


def _at(tokens: Tokens, at: int, low: str) -> Quantity | None:
    value = number_value(low)
    if value is None and low in NUMBER_WORDS and low not in _ORDINALS:
        value = NUMBER_WORDS[low]
    if value is None or _dated(tokens, at):
        return None
    scale = SCALES.get(tokens.low[at + 1], 1.0) if at + 1 < len(tokens.low) else 1.0
    unit, kind = _unit(tokens, at)
    return Quantity(value * scale if isinstance(value, float) else value, unit, kind, at)


def _unit(tokens: Tokens, at: int) -> tuple[str | None, str | None]:
    """(unit, kind): a sign or share at the number, else a unit among the next words, else the next word of content."""
    if tokens.low[at].endswith("%"):
        return "percent", "share"
    if at and tokens.low[at - 1] in {"$", "€", "£", "¥"}:
        return tokens.low[at - 1], "money"
    following = range(at + 1, min(at + 1 + _LOOK, len(tokens.low)))
    for place in following:
        low = tokens.low[place]
        if low in {"$", "€", "£", "¥", "%"}:
            return ("percent", "share") if low == "%" else (low, "money")
        kind = _MORE.get(low) or _KIND_OF.get(UNITS.get(low, ""))
        if kind is not None and not (len(low) == 1 and place > at + 1):
            return UNITS.get(low, low), kind
        if low in STOP or number_value(low) is not None:
            break
    content = (p for p in following if tokens.low[p] not in STOP and tokens.low[p] not in SCALES)
    place = next(content, -1)
    return (tokens.stems[place], None) if place > 0 and tokens.raw[place][0].isalpha() else (None, None)


def _dated(tokens: Tokens, at: int) -> bool:
    """Whether a number is a year, or a day beside its month."""
    low = tokens.low
    near = [place for place in (at - 1, at + 1, at - 2) if 0 <= place < len(low)]
    if any(low[place] in MONTHS and tokens.raw[place].istitle() for place in near):
        return True
    if _YEAR.fullmatch(low[at]) is None:
        return False
    beside = [low[place] for place in near if place != at - 2]
    return not any(word in UNITS or word in SCALES or word in "$€£¥" for word in beside)


def has_date(text: str) -> bool:
    """Whether a text names a time: a year, month, weekday, clock time, or a word such as yesterday."""
    tokens = tokenise(text)
    for at, low in enumerate(tokens.low):
        if _YEAR.fullmatch(low) and _dated(tokens, at):
            return True
        if low.removesuffix("s") in WEEKDAYS or (
            low in MONTHS and tokens.raw[at][0].isupper() and not (at == 0 and low in {"may", "march"})
        ):
            return True
    return pattern("answers", "when").search(text) is not None
