"""The four layers of the ladder: values, numbers, dates and words, and the numbers seen last."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from traceeval.graph._layer import Layer
from traceeval.graph._observed import Observed
from traceeval.graph._runs import Trie, first_place, key, runs
from traceeval.measures.dates import Day, days_in
from traceeval.measures.lexicon import NUMBER_WORDS

_NUMBER = re.compile(r"(?<![^\W_])(?:(?<!\w)-)?\d{1,18}(?:,\d{3})*(?:\.\d{1,18})?(?!\d)")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
_INNER = re.compile(r"[\w:/-]")  # beside a number: it is part of a date, a time, an id
_ID, _MOST, _REACH = 8, 30, 100
SMALL, FEW = 20_000, 64
ANY_YEAR = 0
Operand: TypeAlias = tuple[float, int, int, int]
"""(value, number of the observation, start, end)"""


def value_layer(observed: Observed) -> Layer[str]:
    """Where values stand, verbatim or normalised."""
    small = observed.size <= SMALL
    last: tuple[frozenset[str], Trie | None, list[tuple[str, str]]] = (frozenset(), None, [])

    def scan(text: str, wanted: frozenset[str]) -> Iterable[tuple[str, int, int, str]]:
        nonlocal last
        if last[0] is not wanted:
            last = (wanted, None, _longest_runs(wanted))
        # in a short text a look for the longest run of each value is cheaper than reading all its runs
        if small and len(wanted) <= FEW and text.isascii():
            low = text.lower()
            near = [one for one in last[2] if one[1] in low]
            return [(one[0], *place) for one in near if (place := first_place(text, low, *one))] if near else ()
        trie = last[1] or Trie(wanted)
        last = (wanted, trie, last[2])
        return trie.scan(text)

    return Layer(observed, scan)


def _longest_runs(wanted: frozenset[str]) -> list[tuple[str, str]]:
    """(value, its longest run) of every value that has any."""
    return [(value, max(found, key=len)) for value in wanted if (found := key(value))]


def number_key(value: float) -> float:
    """Numbers that agree to nine digits are one."""
    return float(f"{value:.9g}")


def numbers_in(text: str) -> Iterator[tuple[float, int, int]]:
    """(value, start, end) of every number; thousands separators removed, digits inside words left out."""
    for match in _NUMBER.finditer(text):
        yield float(match.group().replace(",", "")), match.start(), match.end()


def number_layer(observed: Observed) -> Layer[float]:
    """Where numbers of a value stand, in digits or as a word."""

    def scan(text: str, wanted: frozenset[float]) -> Iterator[tuple[float, int, int, str]]:
        for value, start, end in numbers_in(text):
            if (found := number_key(value)) in wanted:
                yield found, start, end, "numeric"
        words = {word for word, value in NUMBER_WORDS.items() if value in wanted}
        for match in _NUMBER_WORD.finditer(text) if words else ():
            if match.group().lower() in words:
                yield NUMBER_WORDS[match.group().lower()], match.start(), match.end(), "numeric"

    return Layer(observed, scan)


def day_keys(day: Day) -> tuple[Day, ...]:
    """The keys that state a day: with its year, or without any. A day without a year is stated by that of any year."""
    year, month, of_month = day
    return (ANY_YEAR, month, of_month) if year is None else (day, (None, month, of_month))  # type: ignore[return-value]


def day_layer(observed: Observed) -> Layer[Day]:
    """Where days are stated."""

    def scan(text: str, wanted: frozenset[Day]) -> Iterator[tuple[Day, int, int, str]]:
        for day, start, end in days_in(text):
            for one in (day, (ANY_YEAR, *day[1:])):
                if one in wanted:
                    yield one, start, end, "date"

    return Layer(observed, scan)


def word_layer(observed: Observed) -> Layer[str]:
    """Where words stand in what users said."""

    def scan(text: str, wanted: frozenset[str]) -> Iterator[tuple[str, int, int, str]]:
        return ((run, start, end, "token") for run, start, end in runs(text) if run in wanted)

    return Layer(observed, scan, only="user")


class Recent:
    """The different numbers seen last before a position: what an agent may have computed with."""

    def __init__(self, observed: Observed) -> None:
        self._observed = observed
        self._numbers: list[tuple[int, list[tuple[float, int, int]]]] | None = None
        self._last: tuple[int, tuple[Operand, ...]] = (0, ())

    def before(self, until: int) -> tuple[Operand, ...]:
        """Up to 30 numbers of the first ``until`` observations, latest first.

        Zero, one, digit strings of eight or more and parts of dates, times and names are no operands.
        """
        if self._numbers is None:
            self._numbers = [
                (number, found)
                for number, seen in enumerate(self._observed.observations)
                if (found := list(_operands(seen.text)))
            ]
        last = bisect_left(self._numbers, until, key=lambda one: one[0])
        if self._last[0] != last:
            self._last = (last, tuple(self._collect(last)))
        return self._last[1]

    def _collect(self, last: int) -> Iterator[Operand]:
        seen: set[float] = set()
        assert self._numbers is not None
        for number, numbers in reversed(self._numbers[max(0, last - _REACH) : last]):
            for value, start, end in reversed(numbers):
                if value not in seen:
                    seen.add(value)
                    yield value, number, start, end
                    if len(seen) == _MOST:
                        return


def _operands(text: str) -> Iterator[tuple[float, int, int]]:
    """The last few different numbers of a text that stand for themselves."""
    found: dict[float, tuple[int, int]] = {}
    for value, start, end in numbers_in(text):
        if (
            abs(value) > 1
            and end - start < _ID
            and not _INNER.search(text[max(0, start - 1) : start] + text[end : end + 1])
        ):
            found.pop(value, None)
            found[value] = (start, end)
            if len(found) > _MOST:
                del found[next(iter(found))]
    yield from ((value, *place) for value, place in found.items())
