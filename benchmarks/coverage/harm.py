"""Does the bound on harm among traces nobody reviewed hold, at a harm rate of .5 % over 10,000 traces?

Wherever the harm is: independent of the signals, where they point, and where they point least.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from traceeval.measures.sampling import plan
from traceeval.measures.unseen import unseen

SIZE, BUDGET, RATE = 10_000, 400, 0.005


def run(draws: int, size: int = SIZE, budget: int = BUDGET, rate: float = RATE) -> dict[str, Any]:
    """By place of the harm: coverage, the mean bound, the share of draws that found none, reviews to halve the last."""
    rng = np.random.default_rng(11)
    risk = rng.beta(1, 6, size)
    harmful = round(size * rate)
    by_risk = np.array(plan(np.sqrt(risk * (1 - risk)).tolist(), [False] * size, budget))
    places = {
        "independent of the signals": (by_risk, rng.permutation(size)[:harmful]),
        "where the signals point": (by_risk, np.argsort(-by_risk)[:harmful]),
        "where they point least": (by_risk, np.argsort(by_risk)[:harmful]),
        "uniform draw": (np.full(size, budget / size), rng.permutation(size)[:harmful]),
    }
    return {name: _covered(pi, where, draws) for name, (pi, where) in places.items()}


def _covered(pi: npt.NDArray[np.float64], where: npt.NDArray[np.intp], draws: int) -> dict[str, float]:
    rng, harmful = np.random.default_rng(12), np.zeros(len(pi), dtype=bool)
    harmful[where] = True
    held, rates, none, halved = 0, 0.0, 0, 0
    for _ in range(draws):
        drawn = rng.random(len(pi)) < pi
        found = pi[drawn & harmful]
        told = unseen(pi, found.tolist(), reviewed=int(drawn.sum()))
        held += int((harmful & ~drawn).sum()) <= told.most
        rates, none, halved = rates + told.rate, none + (not len(found)), told.halved_by
    return {"coverage": held / draws, "mean_bound": rates / draws, "found_none": none / draws, "halved_by": halved}
