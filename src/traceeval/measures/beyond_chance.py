"""Which interval a coefficient of agreement has: one less the disagreement found over that expected by chance.

Student's, of Fisher's z by the jackknife, where enough scenarios disagree; that of an exact test where few do, or where
nearly all hold one answer (``rare``); draws of scenarios where neither can be had.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from traceeval.measures.rare import crowded, shared, too_few, total
from traceeval.measures.ratings import Floats
from traceeval.measures.resampling import Coefficient, coefficient, number, stabilised

ENOUGH, LEAST = 8, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Disagreement of each scenario, [scenarios], and what it would come to by chance: the coefficient is 1 - sum / chance.

    ``found``: as wide as it is; ``differ``: as if all were of width 1; ``sizes``: if all of it disagreed so; ``unit``: that
    of a unit as heavy as is ``usual``; ``widest``: the widest there is on the scale.
    """

    found: Floats
    differ: Floats
    sizes: Floats
    unit: float
    chance: float
    widest: float

    @classmethod
    def of_pairs(cls, pairs: Floats, far: Floats, chance: float, unit: float) -> Apart:
        """``pairs``: how often two answers met in each scenario, [scenarios, q, q]; ``far``: their squared distance, [q, q]."""
        found, differ = ((pairs * wide).sum((1, 2)) for wide in (far, 1 - np.eye(len(far))))
        widest = float(far.max(initial=0))
        return cls(found=found, differ=differ, sizes=pairs.sum((1, 2)), unit=unit, chance=chance, widest=widest)

    @property
    def scenarios(self) -> int:
        """How many have a pair."""
        return int((self.sizes > 0).sum())

    @property
    def more(self) -> float:
        """What a further scenario that disagrees may add: the widest, of as much as is usual, or of one unit if that is more."""
        if not self.differ.any():
            return self.widest * float(self.sizes.sum()) / self.scenarios
        usual = float((self.differ**2).sum() / self.differ.sum())
        return self.widest * max(usual, self.unit)

    def few(self, value: float) -> Coefficient:
        """The interval by an exact test of the scenarios that disagree."""
        low, high = total(self.found[self.sizes > 0], self.more)
        most = min(float(high), self.widest * float(self.sizes.sum()))
        return Coefficient(value, min(1 - most / self.chance, value), float(1 - low / self.chance))


@dataclass(frozen=True, slots=True)
class Resampled:
    """A coefficient, it without each scenario, and it of draws of them, asked for where they are needed."""

    value: Floats
    without: Floats
    redrawn: Callable[[], Floats]
    why: str

    def interval(self, *, stable: bool = True) -> Coefficient:
        """Student's on Fisher's z if it is ``stable`` and there is one, else that of draws."""
        found = stabilised(self.value, self.without) if stable else None
        return found or coefficient(self.value, self.redrawn(), self.without, self.why)


def by_answers(found: Resampled, apart: Apart, pairs: Floats, far: Floats) -> Coefficient:
    """Alpha or kappa: chance is what the answers given would come to, so rare answers make both rare.

    ``pairs``, ``far``: how often two answers met in each scenario and their squared distance, as in ``rare``.
    """
    value = number(found.value)
    if value is None or apart.scenarios < 2:
        return found.interval(stable=False)
    if scarce := too_few(pairs):
        return Coefficient(value, why=scarce)
    if apart.found.any() and crowded(pairs):
        return shared(value, pairs, far, apart.unit) or found.interval()
    return apart.few(value) if (apart.found > 0).sum() < LEAST else found.interval()


def by_scale(found: Resampled, apart: Apart, pairs: Floats, *, stable: bool = True) -> Coefficient:
    """AC or raw agreement: chance is that of the scale, and hardly varies.

    Where nearly all hold one answer, what is not agreed may well be an error as wide as the scale: until eight such would
    be found, the exact test reckons with one more.
    """
    value = number(found.value)
    if value is None or apart.scenarios < 2:
        return found.interval(stable=False)
    few = apart.found.sum() < ENOUGH * apart.more if crowded(pairs) else (apart.found > 0).sum() < LEAST
    return apart.few(value) if few else found.interval(stable=stable)
