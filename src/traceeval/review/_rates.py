"""Rates of a frame from its closed prefix: who counts with which probability, and what has no answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from traceeval.measures.estimation import Estimate, Floats, Sample, clipped, difference, hajek, sample
from traceeval.measures.unseen import mean_of_few
from traceeval.review._answers import Answer, Asked, Systems, answer
from traceeval.review._frame import Frame, Unit, reach

MOST_UNANSWERED = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One outcome over the frame, or over a slice of it.

    ``estimate``: the difference estimator with the frozen score; ``hajek``: without it; None where there is nothing to
    estimate from. ``bounds``: the estimate if all units closed without an answer had the least, and the most.
    ``refusals``: why no gate may use it, in words; empty when one may.
    """

    outcome: str
    kind: str
    size: int
    estimate: Estimate | None
    hajek: Estimate | None
    unanswered: int
    bounds: tuple[float, float] | None
    refusals: tuple[str, ...]
    slices: Mapping[str, Rate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed prefix: who is in it, with the probabilities of being there; of every unit, ``pi``."""

    units: tuple[Unit, ...]
    places: tuple[int, ...]
    pi: Floats


def closed_prefix(frame: Frame) -> Closed:
    """The drawn units below the first open one of their stratum, in the order of work."""
    until = reach(frame)
    pi = np.array([unit.pi if unit.must_see else min(1.0, unit.pi * until[unit.stratum]) for unit in frame.units])
    closed = [
        place
        for place, unit in enumerate(frame.units)
        if unit.state in ("answered", "unanswered") and (unit.must_see or unit.u / unit.pi < until[unit.stratum])
    ]
    return Closed(tuple(frame.units[place] for place in closed), tuple(closed), pi)


@dataclass(frozen=True, slots=True)
class Reader:
    """Outcomes of one frame."""

    frame: Frame
    closed: Closed
    scores: Floats
    bodies: Mapping[str, Mapping[str, Any]]
    interim: bool
    by: Sequence[str]
    systems: Mapping[str, Systems] = field(default_factory=dict)

    def rate(self, asked: Asked) -> Rate:
        """One outcome over the frame, and over each slice."""
        answers = [
            answer(unit.decision, asked, self.bodies, self.systems.get(unit.subject)) for unit in self.closed.units
        ]
        whole = self._rate(asked, answers, lambda unit: True)
        slices = {
            f"{name}={value}": self._rate(asked, answers, lambda unit, n=name, v=value: _value(unit, n) == v)  # type: ignore[misc]
            for name, value in slices_of(self.frame, self.by)
        }
        return replace(whole, slices=slices)

    def _rate(self, asked: Asked, answers: Sequence[Answer | None], of: Callable[[Unit], bool]) -> Rate:
        inside = np.array([of(unit) for unit in self.frame.units], dtype=bool)
        mine = np.array([of(unit) for unit in self.closed.units], dtype=bool)
        there = np.array([one is not None for one in answers], dtype=bool)
        estimate, plain = self._estimate(asked, answers, there, inside, mine, adjusted=True)
        missing = int((mine & ~there).sum())
        return Rate(
            outcome=asked.name,
            kind=asked.kind,
            size=int(inside.sum()),
            estimate=estimate,
            hajek=plain,
            unanswered=missing,
            bounds=self._bounds(asked, answers, inside, mine) if missing else None,
            refusals=tuple(self._refusals(estimate, mine, there)),
        )

    def _estimate(
        self, asked: Asked, answers: Sequence[Answer | None], there: Any, inside: Any, mine: Any, *, adjusted: bool
    ) -> tuple[Estimate | None, Estimate | None]:
        units = self._sample(answers, there, adjusted=adjusted)
        if units is None:
            return None, None
        least, most = asked.values
        chosen, part = mine[there], inside.all()
        found = (
            difference(units, int(inside.sum()), float(self.scores[inside].mean()), inside=None if part else chosen)
            if inside.any()
            else None
        )
        plain = hajek(Sample(*(array[chosen] for array in (units.y, units.pi, units.score, units.applies))))
        few = (
            mean_of_few(units.y, units.pi, self.closed.pi, asked.values)
            if part and (units.applies == 1).all()
            else None
        )
        told = [
            None if one is None else _widened(clipped(one, least, most), few, least, most) for one in (found, plain)
        ]
        return told[0] or told[1], told[1]

    def _sample(self, answers: Sequence[Answer | None], there: Any, *, adjusted: bool) -> Sample | None:
        """The answered units; each stands for those of its stratum that were closed without an answer too."""
        if not there.any():
            return None
        places = np.array(self.closed.places)
        chances = self.closed.pi[places]
        if adjusted:
            chances = chances * self._answered(chances, there)
        told = [one for one in answers if one is not None]
        return sample(
            [one.y for one in told], chances[there], self.scores[places][there], [one.applies for one in told]
        )

    def _answered(self, chances: Floats, there: Any) -> Floats:
        """The weighted share of closed units that were answered, in each unit's stratum; 1 in one without answers."""
        strata = [(unit.must_see, unit.stratum) for unit in self.closed.units]
        share = np.ones(len(strata))
        for stratum in set(strata):
            members = np.array([one == stratum for one in strata])
            answered = float((1 / chances[members & there]).sum())
            share[members] = answered / float((1 / chances[members]).sum()) if answered else 1.0
        return share

    def _bounds(
        self, asked: Asked, answers: Sequence[Answer | None], inside: Any, mine: Any
    ) -> tuple[float, float] | None:
        """The estimate if all that were closed without an answer had the least value, and the most."""
        everyone = np.ones(len(answers), dtype=bool)
        found = []
        for value in asked.values:
            filled = [Answer(value) if one is None else one for one in answers]
            estimate, _ = self._estimate(asked, filled, everyone, inside, mine, adjusted=False)
            found.append(None if estimate is None else estimate.value)
        low, high = found
        return None if low is None or high is None else (low, high)

    def _refusals(self, estimate: Estimate | None, mine: Any, there: Any) -> Iterator[str]:
        if estimate is None:
            yield "insufficient: no answers"
        elif not estimate.enough:
            yield f"insufficient: an effective sample of {estimate.effective:.0f}, 30 are needed"
        weights = 1 / self.closed.pi[list(self.closed.places)]
        total = float(weights[mine].sum())
        share = float(weights[mine & ~there].sum()) / total if total else 0.0
        if share > MOST_UNANSWERED:
            yield f"{share:.0%} was closed without an answer, at most {MOST_UNANSWERED:.0%} may be"
        if self.interim:
            yield "interim: drawn traces are still open"
        alone = [bool(unit.decision.unreplicated) for unit in self.closed.units if unit.decision is not None]
        if alone and all(alone):
            yield "unreplicated: every answer is one person's"


def _widened(found: Estimate, few: tuple[float, float] | None, least: float, most: float) -> Estimate:
    """With the bounds that hold where hardly anything varied."""
    value = min(max(found.value, least), most)
    if few is None:
        return replace(found, value=value)
    return replace(found, value=value, low=max(least, min(found.low, few[0])), high=min(most, max(found.high, few[1])))


def slices_of(frame: Frame, by: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every field of ``by`` with every value it has in the frame."""
    for name in by:
        yield from ((name, value) for value in sorted({_value(unit, name) for unit in frame.units}))


def _value(unit: Unit, name: str) -> str:
    if name in ("lang", "stratum"):
        return str(getattr(unit, name) or "unknown")
    return str(unit.slices.get(name, "unknown"))
