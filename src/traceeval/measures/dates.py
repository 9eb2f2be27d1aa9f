"""Days that a text states, with their places: ISO, month names, ordinals, and numbers in either order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from traceeval.measures.lexicon import MONTHS

Day: TypeAlias = tuple[int | None, int, int]
"""(year, or None when it is not said; month; day)"""

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_TAIL = r"(?:,?\s{1,2}(\d{4}))?(?!\d)"
_DIGIT = re.compile(r"\d")
_ISO = re.compile(r"(?<![\d.-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?<![\d.,:/-])(\d{{1,2}})(?:st|nd|rd|th)?[\s-]{{1,2}}(?:of\s)?({_MONTH})\b\.?{_TAIL}", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"\b({_MONTH})\b\.?\s{{1,2}}(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:%]){_TAIL}", re.IGNORECASE
)
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/]|[.-]\d)")


def days_in(text: str) -> Iterator[tuple[Day, int, int]]:
    """(day, start, end) of every date. ``3/5/2024`` states two: it may be read either way. A lone ``3.5`` is none."""
    if _DIGIT.search(text) is None:
        return
    for match in _ISO.finditer(text):
        yield from _day(match[1], match[3], match[4], match)
    for match in _DAY_FIRST.finditer(text):
        yield from _day(match[3], MONTHS[match[2].lower()], match[1], match)
    for match in _MONTH_FIRST.finditer(text):
        yield from _day(match[3], MONTHS[match[1].lower()], match[2], match)
    for match in _NUMERIC.finditer(text):
        first, mark, second, year = match.groups()
        if year is None and mark != "/":
            continue
        full = f"20{year}" if year is not None and len(year) == 2 else year
        yield from _day(full, first, second, match)
        if first != second:
            yield from _day(full, second, first, match)


def _day(year: str | None, month: str | int, day: str, match: re.Match[str]) -> Iterator[tuple[Day, int, int]]:
    number, of_month = int(month), int(day)
    if 1 <= number <= 12 and 1 <= of_month <= 31:
        yield (int(year) if year else None, number, of_month), match.start(), match.end()
