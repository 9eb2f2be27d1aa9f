"""Simulated raters: how often do the intervals of agreement hold the value of an endless population?

An item has a true mark of 1..5, or a flag belongs on it or not. Each rater gives it what they give such items, whatever
the other says, so what two raters say is one table of chances of pairs. The values to be held are computed from that
table, by the definitions and without sampling; the items are drawn from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from traceeval.measures.agreement import agreement
from traceeval.measures.kappa import weighted_kappa
from traceeval.measures.ratings import Floats, coded
from traceeval.measures.resampling import Coefficient

SIZES = (30, 50, 100, 200)
NEAR = {-1: 0.4, 1: 0.4, -2: 0.1, 2: 0.1}
OTHER = dict.fromkeys(range(1, 5), 0.25)
ANY = {-4: 0.25, -3: 0.25, -2: 0.25, -1: 0.25}
TURNED = {-1: 0.475, 1: 0.475, -4: 0.05}  # one error of twenty takes the scale for the other way round
SPREAD = (0.1, 0.15, 0.2, 0.25, 0.3)
OF_MARKS = ("alpha ordinal", "alpha nominal", "AC2", "AC1", "raw", "kappa")
OF_FLAGS = ("alpha nominal", "AC1", "raw", "kappa")


@dataclass(frozen=True, slots=True)
class Raters:
    """``truth``: how frequent each kind of item is; ``person``, ``judge``: what they give each, [kinds, answers].

    ``family``: how many items of one kind a scenario has; ``rates``: how likely an item of each kind is to be reviewed,
    relative to the others. One that is reviewed stands for 1 / rate.
    """

    truth: Floats
    person: Floats
    judge: Floats
    family: int = 1
    rates: Floats | None = None

    def pairs(self, first: Floats) -> Floats:
        """The chance of each pair of answers of ``first`` and a person, [answers, answers]."""
        return np.asarray(np.einsum("t,ti,tj->ij", self.truth, first, self.person))

    def kinds(self, rng: np.random.Generator, n: int) -> npt.NDArray[np.intp]:
        """The kinds of the items of ``n`` reviewed scenarios, [n * family]."""
        chances = self.truth if self.rates is None else self.truth * self.rates
        return np.repeat(rng.choice(len(chances), size=n, p=chances / chances.sum()), self.family)

    def said(self, rng: np.random.Generator, kinds: npt.NDArray[np.intp], first: Floats) -> Floats:
        """What ``first`` and a person give items of these kinds, [items, 2], answers counted from 1."""
        return np.column_stack([_given(rng, who[kinds]) for who in (first, self.person)])

    def weights(self, kinds: npt.NDArray[np.intp]) -> list[float] | None:
        """For how many of the population each stands; None where for equally many."""
        return None if self.rates is None else (1 / self.rates[kinds]).tolist()


def _given(rng: np.random.Generator, chances: Floats) -> Floats:
    return np.asarray(1.0 + (rng.random((len(chances), 1)) > chances.cumsum(1)[:, :-1]).sum(1))


def _of_marks(
    truth: Sequence[float], hit: float, off: dict[int, float], family: int = 1, *, wraps: bool = False
) -> Raters:
    """People give the true mark with chance ``hit``, else one that is ``off``; a judge is as good, and at times too kind.

    What is off the scale is its end, or ``wraps`` around.
    """
    person = _marks(hit, off, wraps=wraps)
    return Raters(np.array(truth), person, person @ _marks(0.9, {1: 1.0}), family)


def _marks(hit: float, off: dict[int, float], *, wraps: bool = False) -> Floats:
    given = np.eye(5) * hit
    for mark in range(5):
        for step, chance in off.items():
            given[mark, (mark + step) % 5 if wraps else min(max(mark + step, 0), 4)] += (1 - hit) * chance
    return given


def _of_flags(found: float, false: float, rates: Floats | None = None) -> Raters:
    """A flag that belongs on one item of twenty, raised with these chances where it belongs and elsewhere."""
    person = np.array([[1 - false, false], [1 - found, found]])
    return Raters(np.array([0.95, 0.05]), person, person, rates=rates)


def _top(share: float) -> tuple[float, ...]:
    return (*((1 - share) * part for part in (0.1, 0.15, 0.25, 0.5)), share)


RATERS = {
    "marks of all kinds": _of_marks(SPREAD, 0.75, NEAR),
    "marks of all kinds, one of five is any other": _of_marks([0.2] * 5, 0.8, OTHER, wraps=True),
    "nine of ten are a 5": _of_marks(_top(0.9), 0.9, NEAR),
    "nearly all are a 5": _of_marks(_top(0.97), 0.97, NEAR),
    "nearly all are a 5, errors of any size": _of_marks(_top(0.97), 0.97, ANY),
    "nine of ten are a 5, some take 1 for the best": _of_marks(_top(0.9), 0.9, TURNED),
    "nine of ten are a 5, three to a scenario": _of_marks(_top(0.9), 0.9, NEAR, family=3),
    "a flag on one of twenty": _of_flags(0.8, 0.01),
    "such a flag, reviewed eight times as often where it belongs": _of_flags(0.8, 0.01, np.array([0.125, 1.0])),
    "such a flag, hardly agreed on": _of_flags(0.6, 0.02),
}


def run(draws: int, sizes: Sequence[int] = SIZES, names: Sequence[str] = tuple(RATERS)) -> dict[str, Any]:
    """{raters: {coefficient: {scenarios: {"coverage", "width", "refused"}}}}.

    ``coverage`` and mean ``width`` are of the intervals that were given, None without any; ``refused``: the share of draws without one.
    """
    return {name: _figures(RATERS[name], draws, sizes) for name in names}


def _figures(raters: Raters, draws: int, sizes: Sequence[int]) -> dict[str, dict[str, Any]]:
    values = population(raters)
    told: dict[str, dict[str, Any]] = {name: {} for name in values}
    for n in sizes:
        rng = np.random.default_rng(n)
        drawn = [estimated(raters, rng, n, seed) for seed in range(draws)]
        for name, value in values.items():
            told[name][str(n)] = _held([one[name] for one in drawn], value)
    return told


def _held(found: Sequence[Coefficient], value: float) -> dict[str, float | None]:
    ends = np.array([(one.low, one.high) for one in found if one.low is not None]).reshape(-1, 2)
    held = ((ends[:, 0] <= value) & (value <= ends[:, 1])).mean() if len(ends) else None
    width = np.ptp(ends, axis=1).mean() if len(ends) else None
    return {"coverage": held, "width": width, "refused": 1 - len(ends) / len(found)}


def estimated(raters: Raters, rng: np.random.Generator, n: int, seed: int) -> dict[str, Coefficient]:
    """Every coefficient of ``n`` scenarios: of two people, and kappa of a judge and a person."""
    answers = tuple(range(1, raters.person.shape[1] + 1))
    families = np.repeat(np.arange(n), raters.family).tolist()
    kinds = raters.kinds(rng, n)
    said = raters.said(rng, kinds, raters.person)
    table = coded(said, categories=answers, clusters=families, weights=raters.weights(kinds))
    judged = raters.kinds(rng, n)
    marks = [(int(a), int(b)) for a, b in raters.said(rng, judged, raters.judge)]
    nominal = agreement(table, seed=seed)
    found = {
        "alpha nominal": nominal.alpha,
        "AC1": nominal.ac,
        "raw": nominal.raw,
        "kappa": weighted_kappa(marks, answers, clusters=families, weights=raters.weights(judged), seed=seed),
    }
    if len(answers) > 2:
        ordinal = agreement(table, level="ordinal", weights="ordinal", seed=seed)
        found |= {"alpha ordinal": ordinal.alpha, "AC2": ordinal.ac}
    return {name: found[name] for name in OF_MARKS if name in found}


def population(raters: Raters) -> dict[str, float]:
    """What the coefficients are in an endless population of such items, by their definitions."""
    both, mixed = raters.pairs(raters.person), raters.pairs(raters.judge)
    margin, q = both.sum(0), len(both)
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q)).astype(np.float64))
    middle = margin.cumsum() - margin / 2
    near = 1 - apart * (apart + 1) / (q * (q - 1)) if q > 2 else np.eye(q)
    values = {
        "alpha nominal": _beyond(both, np.outer(margin, margin), np.minimum(apart, 1)),
        "alpha ordinal": _beyond(both, np.outer(margin, margin), np.subtract.outer(middle, middle) ** 2),
        "AC1": _ac(both, np.eye(q)),
        "AC2": _ac(both, near),
        "raw": float(np.trace(both)),
        "kappa": _beyond(mixed, np.outer(mixed.sum(1), mixed.sum(0)), apart**2),
    }
    return {name: values[name] for name in (OF_MARKS if q > 2 else OF_FLAGS)}


def _beyond(observed: Floats, chance: Floats, far: Floats) -> float:
    """One less the distance observed over that by chance: Cohen (1968), Krippendorff (2011)."""
    return float(1 - (observed * far).sum() / (chance * far).sum())


def _ac(observed: Floats, near: Floats) -> float:
    """Gwet (2014), ch. 5."""
    margin, q = observed.sum(0), len(observed)
    chance = near.sum() / (q * (q - 1)) * (margin * (1 - margin)).sum()
    return float(((observed * near).sum() - chance) / (1 - chance))
