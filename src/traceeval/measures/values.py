"""When two argument values are the same value, by type and role (metrics.md section 7.1).

A coercion (``"5"`` for 5) is a flag, never an equality; a bool is never a number.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal, TypeAlias

from traceeval.model import Json

Relation: TypeAlias = Literal["equal", "coercible", "wrong_type", "different"]
REL = 1e-9
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_QUOTES = {ord("‘"): "'", ord("’"): "'", ord("“"): '"', ord("”"): '"', ord("\u00a0"): " ", ord("\u202f"): " "}
_FOLD = {**_DASHES, **_QUOTES}
_EDGES = re.compile(r"^[\s\"'.,;:!?()]+|[\s\"'.,;:!?()]+$")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_FREE = frozenset({"content"})
_MARKS = "#@ \t\n\"'.,;:()[]"
_MISSING = object()


def relation(actual: Json, expected: Json, role: str = "resource", *, unordered: bool = False) -> Relation:
    """How an actual value relates to the expected one.

    ``unordered``: lists compare as multisets. Roles ``content`` compare as free text, every other role exactly after
    Unicode folding.
    """
    if isinstance(expected, bool) or isinstance(actual, bool):
        return _bools(actual, expected)
    if isinstance(expected, int | float):
        return _numbers(actual, expected)
    if isinstance(expected, str):
        return _strings(actual, expected, role)
    if isinstance(expected, list | tuple):
        return _lists(actual, expected, role, unordered)
    if isinstance(expected, dict):
        return _objects(actual, expected, role)
    return "equal" if actual is None else "wrong_type"


def equal(actual: Json, expected: Json, role: str = "resource") -> bool:
    """Whether two values are the same value."""
    return relation(actual, expected, role) == "equal"


def fold(text: str) -> str:
    """A text with typographic dashes, quotes and spaces folded to ASCII, NFKC, trimmed."""
    return unicodedata.normalize("NFKC", text.translate(_FOLD)).strip()


def fold_free(text: str) -> str:
    """Free text: besides, case, white space and punctuation at the edges do not count."""
    return " ".join(_EDGES.sub("", fold(text)).casefold().split())


@lru_cache(maxsize=8192)
def id_key(value: str | float) -> str:
    """The id a value is: folded, case and marks around it ignored; ``#W12`` is ``w12``, an integral float an integer."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return fold(str(value)).casefold().strip(_MARKS)


def _bools(actual: Json, expected: Json) -> Relation:
    if isinstance(actual, bool) and isinstance(expected, bool):
        return "equal" if actual is expected else "different"
    word = actual if isinstance(actual, str) else expected if isinstance(expected, str) else ""
    flag = expected if isinstance(expected, bool) else actual
    return "coercible" if word.lower() == str(flag).lower() else "wrong_type"


def _numbers(actual: Json, expected: float) -> Relation:
    if isinstance(actual, int | float):
        return "equal" if _close(actual, expected) else "different"
    if isinstance(actual, str) and _NUMBER.fullmatch(actual.strip()):
        return "coercible" if _close(float(actual), expected) else "wrong_type"
    return "wrong_type"


def _close(actual: float, expected: float) -> bool:
    """The same number; an integer too large for a float is compared as it is."""
    try:
        return math.isclose(actual, expected, rel_tol=REL, abs_tol=0.0)
    except OverflowError:
        return actual == expected


def _strings(actual: Json, expected: str, role: str) -> Relation:
    if isinstance(actual, int | float):
        number = expected.strip()
        same = bool(_NUMBER.fullmatch(number)) and _close(float(number), actual)
        return "coercible" if same else "wrong_type"
    if not isinstance(actual, str):
        return "wrong_type"
    if fold(actual) == fold(expected) or (role in _FREE and fold_free(actual) == fold_free(expected)):
        return "equal"
    mine, theirs = instant(actual), instant(expected)
    return "equal" if mine is not None and mine == theirs else "different"


def instant(text: str) -> datetime | date | None:
    """The ISO-8601 day or instant a text is, in UTC when it has a zone; None for anything else."""
    text = fold(text)
    if not _ISO.fullmatch(text):
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _lists(actual: Json, expected: list[Json] | tuple[Json, ...], role: str, unordered: bool) -> Relation:
    if not isinstance(actual, list | tuple):
        return "wrong_type"
    if len(actual) != len(expected):
        return "different"
    if unordered:
        left = list(actual)
        for item in expected:
            at = next((i for i, other in enumerate(left) if relation(other, item, role) == "equal"), None)
            if at is None:
                return "different"
            left.pop(at)
        return "equal"
    return _worst(relation(a, b, role) for a, b in zip(actual, expected, strict=True))


def _objects(actual: Json, expected: dict[str, Json], role: str) -> Relation:
    if not isinstance(actual, dict):
        return "wrong_type"
    keys = {*actual, *expected}
    return _worst(
        relation(actual.get(key), expected.get(key), role)
        if (actual.get(key, _MISSING) is not _MISSING and expected.get(key, _MISSING) is not _MISSING)
        else "different"
        for key in keys
    )


_BAD: tuple[Relation, ...] = ("different", "wrong_type", "coercible", "equal")


def _worst(relations: Iterable[Relation]) -> Relation:
    return min(relations, key=_BAD.index, default="equal")
