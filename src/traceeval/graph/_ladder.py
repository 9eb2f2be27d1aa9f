"""The ladder of ``flows``: the first rung that holds names the match (trajectories.md section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Literal, TypeAlias

import msgspec

from traceeval.graph._layer import Layer, Place
from traceeval.graph._layers import (
    Operand,
    Recent,
    day_keys,
    day_layer,
    number_key,
    number_layer,
    numbers_in,
    value_layer,
    word_layer,
)
from traceeval.graph._observed import Observed
from traceeval.graph._sought import Piece, Sought, told
from traceeval.measures.dates import Day, days_in

Match: TypeAlias = Literal["exact", "normalised", "date", "numeric", "token", "computed", "encoded"]
CONFIDENCE: dict[str, float] = {
    "exact": 1.0,
    "normalised": 0.95,
    "date": 0.9,
    "numeric": 0.9,
    "token": 0.6,
    "computed": 0.5,
    "encoded": 0.8,
}
_WORDS = 0.6
_SMALL = 10


class Hold(msgspec.Struct, frozen=True, gc=False):
    """A place in what was observed, and the range of the value that stands there; ``encoding``: how it was hidden."""

    place: Place
    start: int
    end: int
    encoding: str | None = None


class Ladder:
    """The layers of one trace, and how a value climbs down them."""

    def __init__(self, observed: Observed) -> None:
        self.observed = observed
        self.values: Layer[str] = value_layer(observed)
        self.numbers: Layer[float] = number_layer(observed)
        self.days: Layer[Day] = day_layer(observed)
        self.words: Layer[str] = word_layer(observed)
        self.recent = Recent(observed)

    def want(self, found: Iterable[Sought]) -> None:
        """Have all of these found in one pass a layer."""
        texts: list[str] = []
        words: list[str] = []
        for one in found:
            for piece in one.pieces:
                texts += (piece.text, *[part.text for part in piece.parts])
            if one.number is not None:
                self.numbers.want((number_key(one.number),))
            for day, _, _ in one.days:
                self.days.want(day_keys(day))
            if one.words:
                words += (*one.words, *one.digits)
        self.values.want(texts)
        self.words.want(words)

    def sources(self, one: Sought, until: int, *, computed: bool) -> list[Hold]:
        """Places of a value in the first ``until`` observations, by the first rung that holds."""
        found = [hold for piece in one.pieces for hold in self._texts(piece, until)]
        found = found or [hold for day, start, end in one.days for hold in self._day(day, start, end, until)]
        if one.number is not None:
            found = [Hold(place, 0, one.size) for place in self.numbers.find(number_key(one.number), until)]
        found = found or list(self._words(one, until))
        if not found and computed and one.number is not None:
            found = [Hold(place, 0, one.size) for place in self._computed(one.number, until)]
        return found

    def _texts(self, piece: Piece, until: int) -> list[Hold]:
        found = [Hold(place, piece.start, piece.end) for place in self.values.find(piece.text, until)]
        return found or [hold for part in piece.parts for hold in self._texts(part, until)]

    def _day(self, day: Day, start: int, end: int, until: int) -> Iterator[Hold]:
        for key in day_keys(day):
            yield from (Hold(place, start, end) for place in self.days.find(key, until))

    def _words(self, one: Sought, until: int) -> Iterator[Hold]:
        """Most of a value's words, and all its digits, in one thing a user said; the range runs from first to last."""
        if not one.words:
            return
        seen: dict[int, dict[str, Place]] = {}
        for word in (*one.words, *one.digits):
            for place in self.words.find(word, until):
                seen.setdefault(place.number, {})[word] = place
        for number, places in seen.items():
            words = [word for word in one.words if word in places]
            if len(words) >= _WORDS * len(one.words) and all(run in places for run in one.digits):
                start, end = min(p.start for p in places.values()), max(p.end for p in places.values())
                yield Hold(Place(number, start, end, "token"), 0, one.size)

    def _computed(self, value: float, until: int) -> list[Place]:
        """Operands of which the value is the sum, difference, product or a percentage: two, or three summed."""
        operands = self.recent.before(until)
        found = _pair(value, operands) or _triple(value, operands)
        return [Place(number, start, end, "computed") for _, number, start, end in found]

    def told(self, text: str) -> Iterator[tuple[Sought, int, int]]:
        """What a text that was said states, each with its range: values, days, and numbers beyond the small ones."""
        for piece in told(text):
            yield Sought(pieces=(piece,)), piece.start, piece.end
        for day, start, end in days_in(text):
            yield Sought(days=((day, start, end),)), start, end
        for value, start, end in numbers_in(text):
            if abs(value) > _SMALL or "." in text[start:end]:
                yield Sought(number=value, size=end - start), start, end


def _pair(value: float, operands: tuple[Operand, ...]) -> tuple[Operand, ...]:
    """Two operands, the second looked up: a sum, a difference, a product, a percentage of, on top of or off."""
    known = _by_cents(operands)
    for one in operands:
        a = one[0]
        for wanted in (value - a, a - value, value + a, value / a, 100 * value / a, _base(value, a), _base(value, -a)):
            other = known.get(round(wanted, 2))
            if other is not None and other is not one and _makes(a, other[0], value):
                return one, other
    return ()


def _base(value: float, percent: float) -> float:
    """What a value is, without so many per cent on top."""
    return value / (1 + percent / 100) if percent != -100 else 0.0


def _makes(a: float, b: float, value: float) -> bool:
    made = (a + b, a - b, b - a, a * b, a * b / 100, b * (1 + a / 100), b * (1 - a / 100))
    return any(abs(result - value) <= max(abs(value) * 1e-9, 0.005) for result in made)


def _triple(value: float, operands: tuple[Operand, ...]) -> tuple[Operand, ...]:
    """Three summed, or two less the third; the third is looked up."""
    known = _by_cents(operands)
    for one, other in combinations(operands, 2):
        total = one[0] + other[0]
        third = known.get(round(value - total, 2)) or known.get(round(total - value, 2))
        if third is not None and third is not one and third is not other:
            return one, other, third
    return ()


def _by_cents(operands: tuple[Operand, ...]) -> dict[float, Operand]:
    return {round(operand[0], 2): operand for operand in operands}
