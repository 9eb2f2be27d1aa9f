"""A suite over the versions that were run on it: which cases everybody passes, and which tell versions apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from traceeval.measures.interval import wilson
from traceeval.model import SATURATION, SaturationReport, SaturationRow

SATURATED, FEWEST = 0.9, 3
"""Share of cases at the ceiling from which a suite is saturated; versions from which discrimination is told."""
Passes = Mapping[str, tuple[float, int]]
"""case -> (share of its trials that passed, trials)."""
_FIRST = {"ceiling": 0, "floor": 1, "telling": 2}


def find_saturation(versions: Mapping[str, Passes]) -> SaturationReport:
    """Cases of which at least one version has a trial; each version counts once, however many trials it had."""
    cases = list(dict.fromkeys(case for passes in versions.values() for case in passes))
    rows = [_row(case, cases, versions) for case in cases]
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


def _row(case: str, cases: Sequence[str], versions: Mapping[str, Passes]) -> SaturationRow:
    tried = {name: passes for name, passes in versions.items() if case in passes}
    rates = [passes[case][0] for passes in tried.values()]
    trials = sum(passes[case][1] for passes in tried.values())
    rate = sum(rates) / len(rates)
    low, high = wilson(rate * trials, trials) or (0.0, 1.0)
    return SaturationRow(
        case=case,
        versions=len(tried),
        rate=rate,
        low=low,
        high=high,
        state=_state(rates),
        discrimination=_discrimination(case, cases, tried),
    )


def _state(rates: Sequence[float]) -> Literal["ceiling", "floor", "telling"]:
    return "ceiling" if min(rates) == 1 else "floor" if max(rates) == 0 else "telling"


def _discrimination(case: str, cases: Sequence[str], tried: Mapping[str, Passes]) -> float | None:
    """Pearson's correlation with the rest of the cases, those that every one of these versions tried."""
    import numpy as np

    rest = [other for other in cases if other != case and all(other in passes for passes in tried.values())]
    if len(tried) < FEWEST or not rest:
        return None
    mine: Any = np.array([passes[case][0] for passes in tried.values()])
    others: Any = np.array([np.mean([passes[other][0] for other in rest]) for passes in tried.values()])
    if np.ptp(mine) == 0 or np.ptp(others) < 1e-12:
        return None
    return float(np.corrcoef(mine, others)[0, 1])
