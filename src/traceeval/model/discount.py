"""How much a public benchmark still says about an application, as ``traceeval discount --json`` prints it."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from traceeval.model._value import Value
from traceeval.model.judge_report import Interval

DISCOUNT: Final = "traceeval.discount/1"
DiscountName: TypeAlias = Literal["age", "closeness", "contamination"]


class DiscountFactor(Value, frozen=True):
    """One reason to count a benchmark for less, and what it leaves.

    ``input``: for ``age`` the years it was public, for ``closeness`` the share of its rows that production asks alike, for
    ``contamination`` the share of its rows that stood elsewhere. ``factor``: 0..1, what is left. An input nobody gave has
    no value in either: the factor is then anything from 0 to 1, and ``why`` of the input says what it needs.
    """

    name: DiscountName
    input: Interval
    factor: Interval


class DiscountReport(Value, frozen=True):
    """``weight``: the product of the three, 0..1, with no value while an input is unknown, only its bounds.

    ``right``: the score on all rows; ``clean``: on those that stood nowhere else; ``counts``: the second at the weight of
    the rows, so with the interval of as many rows as the benchmark still counts for. Each None: no ``--right``.
    """

    schema_version: Literal["traceeval.discount/1"]
    rows: int
    half_life: float
    factors: tuple[DiscountFactor, ...]
    weight: Interval
    right: Interval | None = None
    clean: Interval | None = None
    counts: Interval | None = None

    @property
    def unknown(self) -> tuple[DiscountFactor, ...]:
        """The factors whose input nobody gave."""
        return tuple(one for one in self.factors if one.input.value is None)
