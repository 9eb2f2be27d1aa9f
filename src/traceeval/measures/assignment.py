"""Maximum-weight assignment with objectives in order: scipy finds the maximum, we order the objectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a call fills a spec: in full, and how similar the arguments are (0..1)."""

    full: bool
    similarity: float


def assign(fits: Sequence[Sequence[Fit | None]], required: Sequence[bool]) -> dict[int, int]:
    """Row (call) -> column (spec); ``None`` pairs never meet.

    Objectives, each counting only where those before it tie: full matches on required specs, full matches on optional
    ones, pairs at all, the sum of similarities, early calls. Never greedy.
    """
    pairs = [(r, c) for r, row in enumerate(fits) for c, fit in enumerate(row) if fit is not None]
    if not pairs:
        return {}
    if len({r for r, _ in pairs}) == len(pairs) == len({c for _, c in pairs}):
        return dict(pairs)
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows, columns = len(fits), len(required)
    base = float(min(rows, columns) + 1)
    weights = np.zeros((rows, columns))
    for r, c in pairs:
        fit = fits[r][c]
        if fit is not None:
            full = base**3 if required[c] else base**2
            weights[r, c] = fit.full * full + base + fit.similarity * 0.9 + 0.05 * (1 - r / rows) / base
    found_rows, found_columns = linear_sum_assignment(weights, maximize=True)
    chosen = zip(found_rows.tolist(), found_columns.tolist(), strict=True)
    return {r: c for r, c in chosen if fits[r][c] is not None}
