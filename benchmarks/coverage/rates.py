"""The table of review.md section 7 by simulation: how a rate over 10,000 traces is estimated from 400 reviews.

Failures have a known probability; a judge sees it with some noise (good), sees another trace's (useless), or says the
opposite (inverted). Draws by risk use the judge's uncertainty. The plain mean of what was drawn is the baseline: it is
here to fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from traceeval.measures.estimation import Estimate, Sample, difference, hajek, sample
from traceeval.measures.interval import Z95
from traceeval.measures.sampling import plan

Floats = npt.NDArray[np.float64]
SIZE, BUDGET = 10_000, 400
TINY = 1e-6  # equal probabilities so small that a draw of them varies as draws with replacement do


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Findings, and scores of each judge, of every unit."""

    fails: Floats
    judges: dict[str, Floats]

    @property
    def truth(self) -> float:
        """The rate to be found."""
        return float(self.fails.mean())


def frame(seed: int = 1, size: int = SIZE) -> Frame:
    """A frame with about 17 % failures."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(-3.5, 3.2, size)
    good = _share(logit + rng.normal(0, 0.5, size))
    fails = (rng.random(size) < _share(logit)).astype(np.float64)
    return Frame(fails, {"good": good, "useless": rng.permutation(good), "inverted": 1 - good})


def _share(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)))


def chances(judge: Floats, budget: float = BUDGET) -> Floats:
    """Inclusion probabilities by a judge's uncertainty, with the floor."""
    return np.array(plan(np.sqrt(judge * (1 - judge)).tolist(), [False] * len(judge), budget))


@dataclass(slots=True)
class Tally:
    """Sums over draws."""

    draws: int = 0
    error: float = 0.0
    squares: float = 0.0
    held: int = 0
    width: float = 0.0
    found: float = 0.0

    def add(self, estimate: Estimate, truth: float, found: float) -> None:
        """Count one draw."""
        self.draws += 1
        self.error += estimate.value - truth
        self.squares += (estimate.value - truth) ** 2
        self.held += estimate.low <= truth <= estimate.high
        self.width += estimate.high - estimate.low
        self.found += found

    def row(self) -> dict[str, float]:
        """Means: ``bias``, ``bias_in_se``, ``coverage``, ``width``, ``found``."""
        n = self.draws
        spread = (self.squares / n) ** 0.5
        return {
            "bias": self.error / n,
            "bias_in_se": self.error / n / spread if spread else 0.0,
            "coverage": self.held / n,
            "width": self.width / n,
            "found": self.found / n,
        }


Estimator = Callable[[Sample], Estimate | None]


def run(draws: int, size: int = SIZE, budget: int = BUDGET) -> dict[str, dict[str, float]]:
    """Every row of the table."""
    made = frame(size=size)
    good = made.judges["good"]
    even, by_risk = np.full(size, budget / size), chances(good, budget)
    rows = {"top-n by risk, plain mean": _top(made, good, budget)}
    for name, pi, judge, estimator in (
        ("uniform, plain mean", even, good, plain),
        ("uniform, difference with a good judge", even, good, _difference(good)),
        ("by risk, plain mean", by_risk, good, plain),
        ("by risk, Hájek", by_risk, good, hajek),
        ("by risk, the judge as it is (slope 1)", by_risk, good, _as_it_is(good)),
    ):
        rows[name] = _simulated(made, pi, judge, draws, {name: estimator})[name]
    for name, judge in made.judges.items():
        pair = {f"by risk, difference, {name} judge": _difference(judge), f"by risk, Hájek, {name} judge": hajek}
        rows |= _simulated(made, chances(judge, budget), judge, draws, pair)
    rows |= _prefix(made, good, draws, budget)
    return rows | slices(made, draws, budget)


def _difference(judge: Floats) -> Estimator:
    return lambda units: difference(units, len(judge), float(judge.mean()))


def _as_it_is(judge: Floats) -> Estimator:
    def estimate(units: Sample) -> Estimate | None:
        rest = hajek(units)
        left = (units.y - units.score) / units.pi
        value = float(judge.mean()) + float(left.sum()) / len(judge)
        half = Z95 * float(((1 - units.pi) * left**2).sum()) ** 0.5 / len(judge)
        return None if rest is None else replace(rest, value=value, low=value - half, high=value + half)

    return estimate


def plain(units: Sample) -> Estimate:
    """What nobody should use: every drawn unit counts the same. A baseline of this benchmark, in no product code."""
    return hajek(sample(units.y, np.full(len(units.y), TINY))) or _nothing()


def _nothing() -> Estimate:
    raise ValueError("nothing was drawn")


def _top(made: Frame, judge: Floats, budget: int) -> dict[str, float]:
    first, tally = np.argsort(-judge)[:budget], Tally()
    units = sample(made.fails[first], np.ones(budget))
    tally.add(plain(units), made.truth, float(made.fails[first].sum()))
    return tally.row()


def _simulated(
    made: Frame, pi: Floats, judge: Floats, draws: int, estimators: dict[str, Estimator]
) -> dict[str, dict[str, float]]:
    tallies = {name: Tally() for name in estimators}
    for drawn in _draws(pi, draws):
        units = sample(made.fails[drawn], pi[drawn], judge[drawn])
        for name, estimator in estimators.items():
            found = estimator(units)
            if found is not None:
                tallies[name].add(found, made.truth, float(units.y.sum()))
    return {name: tally.row() for name, tally in tallies.items()}


def _draws(pi: Floats, draws: int) -> Iterator[npt.NDArray[np.bool_]]:
    rng = np.random.default_rng(7)
    for _ in range(draws):
        yield rng.random(len(pi)) < pi


def _prefix(made: Frame, judge: Floats, draws: int, budget: int) -> dict[str, dict[str, float]]:
    """Half of the work done in the order of u/pi, and the same in the order of risk."""
    pi, rng = chances(judge, budget), np.random.default_rng(8)
    tallies = {"half done, u/pi order, difference": Tally(), "half done, risk order, difference": Tally()}
    for _ in range(draws):
        u = rng.random(len(pi))
        drawn = np.flatnonzero(u < pi)
        half, rank = len(drawn) // 2, u[drawn] / pi[drawn]
        order = np.argsort(rank)
        closed, until = drawn[order[:half]], float(rank[order[half]])
        risky = drawn[np.argsort(-judge[drawn])][:half]
        for name, done, share in zip(tallies, (closed, risky), (until, half / len(drawn)), strict=True):
            units = sample(made.fails[done], np.minimum(1, pi[done] * share), judge[done])
            found = difference(units, len(pi), float(judge.mean()))
            if found is not None:
                tallies[name].add(found, made.truth, float(units.y.sum()))
    return {name: tally.row() for name, tally in tallies.items()}


def slices(made: Frame, draws: int, budget: int) -> dict[str, dict[str, float]]:
    """Slices of the frame, of which about 30 and 80 units are reviewed."""
    judge, size = made.judges["good"], len(made.fails)
    pi, slice_of = chances(judge, budget), np.random.default_rng(4).random(size)
    rows = {}
    for share in (0.075, 0.2):
        inside, tally = slice_of < share, Tally()
        truth = float(made.fails[inside].mean())
        for drawn in _draws(pi, draws):
            units = sample(made.fails[drawn], pi[drawn], judge[drawn])
            mine = inside[drawn]
            found = difference(units, int(inside.sum()), float(judge[inside].mean()), inside=mine)
            if found is not None:
                tally.add(found, truth, float(units.y[mine].sum()))
        rows[f"slice of {share:.1%}, fitted on all"] = tally.row()
    return rows
