"""A Score says what it knows, and when it does not know. metrics.md section 1 is the rule; nothing here is ever NaN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from traceeval.model._value import Value

Status: TypeAlias = Literal["scored", "undefined", "not_applicable", "failed"]


class Subject(Value, frozen=True):
    """What a score or finding is about: a trace, or one span of it."""

    trace: str
    span: str | None = None


class Evidence(Value, frozen=True):
    """A place a person can check: a span, the field in it, and the words that stand there."""

    span: str
    field: str
    quote: str
    start: int | None = None
    end: int | None = None


class Score(Value, frozen=True):
    """One value about one subject.

    ``value`` is set iff ``status`` is ``scored``; it is finite. ``why`` is ``"code: text"``.
    ``bounds``: what the value could be: ``(v, v)`` when scored, the tightest known when failed, else None.
    ``units``: documents, claims or calls the value rests on.
    """

    scorer: str
    subject: Subject
    status: Status
    value: float | None = None
    why: str = ""
    bounds: tuple[float, float] | None = None
    evidence: tuple[Evidence, ...] = ()
    units: int = 1


class Aggregate(Value, frozen=True):
    """The only mean there is: over scored values, with coverage, the four counts and honest bounds.

    ``mean`` is None when nothing was scored. ``micro`` pools units and is None when units never vary.
    ``low``/``high``: 95 % interval of the mean (Wilson for 0/1 values, Student's t otherwise); None under 2 values.
    """

    scorer: str
    mean: float | None
    coverage: float | None
    lower: float | None
    upper: float | None
    counts: Mapping[str, int]
    micro: float | None = None
    low: float | None = None
    high: float | None = None
    better: Literal["higher", "lower"] = "higher"
    unit: str = "share"
    whys: Mapping[str, int] = {}


class Rate(Value, frozen=True):
    """A share of ``n`` traces with its 95 % Wilson interval; ``value`` None when ``n`` is 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int
