"""A suite over the versions that were run on it: which cases everybody passes, and which tell versions apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any, Literal

import msgspec

from traceeval.measures.interval import wilson
from traceeval.measures.paired import false_discovery
from traceeval.model import SATURATION, SaturationReport, SaturationRow

_COUNTED, _DRAWN = 7, 9_999
SATURATED, FEWEST, ALPHA = 0.9, 3, 0.05
"""Share of cases at the ceiling from which a suite is saturated; versions from which discrimination is told; its level."""
Passes = Mapping[str, tuple[float, int]]
"""case -> (share of its trials that passed, trials)."""
_FIRST = {"ceiling": 0, "floor": 1, "telling": 2}


def find_saturation(versions: Mapping[str, Passes]) -> SaturationReport:
    """Cases of which at least one version has a trial; each version counts once, however many trials it had."""
    cases = list(dict.fromkeys(case for passes in versions.values() for case in passes))
    rows = _marked([_row(case, cases, versions) for case in cases])
    shares = {
        state: sum(row.state == state for row in rows) / len(rows) if rows else None for state in ("ceiling", "floor")
    }
    return SaturationReport(
        schema_version=SATURATION,
        versions=tuple(versions),
        rows=tuple(sorted(rows, key=lambda row: (_FIRST[row.state], row.discrimination or 0.0, row.case))),
        ceiling=shares["ceiling"],
        floor=shares["floor"],
        saturated=shares["ceiling"] is not None and shares["ceiling"] >= SATURATED,
    )


def _marked(made: Sequence[tuple[SaturationRow, float | None]]) -> list[SaturationRow]:
    """Rows, those marked whose negative discrimination is no chance; false discoveries controlled over all cases."""
    adjusted = iter(false_discovery([p for _, p in made if p is not None]))
    return [row if p is None else msgspec.structs.replace(row, inverted=next(adjusted) < ALPHA) for row, p in made]


def _row(case: str, cases: Sequence[str], versions: Mapping[str, Passes]) -> tuple[SaturationRow, float | None]:
    """A case, and the chance of a discrimination as low."""
    tried = {name: passes for name, passes in versions.items() if case in passes}
    rates = [passes[case][0] for passes in tried.values()]
    trials = sum(passes[case][1] for passes in tried.values())
    rate = sum(rates) / len(rates)
    low, high = wilson(rate * trials, trials) or (0.0, 1.0)
    discrimination, p = _discrimination(case, cases, tried)
    row = SaturationRow(
        case=case,
        versions=len(tried),
        rate=rate,
        low=low,
        high=high,
        state=_state(rates),
        discrimination=discrimination,
    )
    return row, p


def _state(rates: Sequence[float]) -> Literal["ceiling", "floor", "telling"]:
    return "ceiling" if min(rates) == 1 else "floor" if max(rates) == 0 else "telling"


def _discrimination(case: str, cases: Sequence[str], tried: Mapping[str, Passes]) -> tuple[float | None, float | None]:
    """Pearson's correlation with the rest of the cases, those that every one of these versions tried; P of one as low."""
    import numpy as np

    rest = [other for other in cases if other != case and all(other in passes for passes in tried.values())]
    if len(tried) < FEWEST or not rest:
        return None, None
    mine: Any = np.array([passes[case][0] for passes in tried.values()])
    others: Any = np.array([np.mean([passes[other][0] for other in rest]) for passes in tried.values()])
    if np.ptp(mine) == 0 or np.ptp(others) < 1e-12:
        return None, None
    return float(np.corrcoef(mine, others)[0, 1]), _chance(mine, others)


def _chance(mine: Any, others: Any) -> float:
    """P of a correlation as low if the rates were dealt to the versions anew: all ways up to seven versions, else drawn."""
    import numpy as np

    n, centred = len(mine), others - others.mean()
    if n <= _COUNTED:
        dealt, extra = mine[np.array(list(permutations(range(n))))], 0
    else:
        dealt, extra = np.random.default_rng(0).permuted(np.tile(mine, (_DRAWN, 1)), axis=1), 1
    return float(((dealt @ centred <= mine @ centred + 1e-9).sum() + extra) / (len(dealt) + extra))
