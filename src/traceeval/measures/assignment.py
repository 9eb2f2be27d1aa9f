"""Maximum assignments: with objectives in order (scipy finds the maximum, we order them), and of plain edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a call fills a spec: in full, and how similar the arguments are (0..1)."""

    full: bool
    similarity: float


def assign(fits: Sequence[Mapping[int, Fit]], required: Sequence[bool]) -> dict[int, int]:
    """Row (call) -> column (spec); ``fits[row]`` holds the columns a row may have, the others never meet.

    Objectives, each counting only where those before it tie: full matches on required specs, full matches on optional
    ones, pairs at all, the sum of similarities, early calls. Never greedy.
    """
    return heaviest(dict(enumerate(weights(fits, required))))


def weights(fits: Sequence[Mapping[int, Fit]], required: Sequence[bool]) -> list[dict[int, float]]:
    """The objectives of ``assign`` as one number a pair: the largest sum is the best assignment."""
    rows = max(len(fits), 1)
    base = float(min(rows, len(required)) + 1)
    return [
        {
            column: fit.full * (base**3 if required[column] else base**2)
            + base
            + fit.similarity * 0.9
            + 1e-6 * (1 - row / rows) / base
            for column, fit in found.items()
        }
        for row, found in enumerate(fits)
    ]


def heaviest(gains: Mapping[int, Mapping[int, float]]) -> dict[int, int]:
    """Row -> column with the largest sum of gains, each used once.

    ``gains[row]``: column -> positive gain, only where the two may meet. Exact.
    """
    rows = [row for row, fits in gains.items() if fits]
    columns = sorted({column for fits in gains.values() for column in fits})
    if len(rows) == len(columns) == sum(len(gains[row]) for row in rows):
        return {row: column for row in rows for column in gains[row]}
    if len(columns) == 1 or len(rows) == 1:
        best = max(((gain, -row, -column) for row in rows for column, gain in gains[row].items()), default=None)
        return {-best[1]: -best[2]} if best is not None else {}
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    place = {column: at for at, column in enumerate(columns)}
    weights = np.zeros((len(rows), len(columns)))
    for at, row in enumerate(rows):
        for column, gain in gains[row].items():
            weights[at, place[column]] = gain
    chosen = zip(*(side.tolist() for side in linear_sum_assignment(weights, maximize=True)), strict=True)
    return {rows[r]: columns[c] for r, c in chosen if columns[c] in gains[rows[r]]}


def injective(edges: Sequence[Sequence[int]]) -> dict[int, int]:
    """A largest matching: row -> column, each used once; ``edges[row]``: the columns it may have.

    Augmenting paths without recursion (Kuhn 1955): as many steps as there are rows times edges.
    """
    holder: dict[int, int] = {}
    for row in range(len(edges)):
        parent: dict[int, int] = {}
        waiting = [row]
        free = None
        while waiting and free is None:
            at = waiting.pop()
            for column in edges[at]:
                if column in parent:
                    continue
                parent[column] = at
                if column not in holder:
                    free = column
                    break
                waiting.append(holder[column])
        _augment(free, row, parent, holder)
    return {row: column for column, row in holder.items()}


def _augment(free: int | None, start: int, parent: dict[int, int], holder: dict[int, int]) -> None:
    """Turn the path that ended in a free column around."""
    held = {row: column for column, row in holder.items()}
    while free is not None:
        row = parent[free]
        before = held.get(row)
        holder[free] = row
        free = before if row != start else None
