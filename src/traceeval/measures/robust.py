"""How far a value lies from the middle of others, in spreads that a few outliers cannot move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_NORMAL = 1.4826  # median absolute deviation -> standard deviation of a normal distribution
_LEAST_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class Middle:
    """``n`` values by their ``median`` and ``spread``, in their own unit; ``spread`` is 0 only where both are."""

    n: int
    median: float
    spread: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Middle:
        """The middle of at least one value.

        ``spread``: 1.4826 times the median absolute deviation, but at least a tenth of the median: where most values
        are equal, one step more is no outlier.

        Raises:
            statistics.StatisticsError: for no values.
        """
        middle = median(values)
        deviation = median(abs(value - middle) for value in values)
        return cls(len(values), middle, max(_NORMAL * deviation, _LEAST_SPREAD * abs(middle)))

    def z(self, value: float) -> float:
        """The robust z: spreads above the median, negative below it; infinite where all others are 0 and it is not.

        Source: Iglewicz & Hoaglin (1993), who call 3.5 an outlier.
        """
        if value == self.median:
            return 0.0
        away = value - self.median
        return away / self.spread if self.spread else away * float("inf")
