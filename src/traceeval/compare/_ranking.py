"""Three or more systems in one order, an order for every audience."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from traceeval.measures.bradley_terry import Strengths, fit_strengths
from traceeval.measures.resampling import drawn
from traceeval.model import PreferenceRow, Ranking, Strength

DRAWS = 200


def rankings(said: Sequence[PreferenceRow]) -> tuple[Ranking, ...]:
    """One per audience that compared three systems or more."""
    audiences = sorted({row.audience for row in said})
    parts = [(name, [row for row in said if row.audience == name]) for name in audiences]
    return tuple(_ranking(name, rows) for name, rows in parts if len(_systems(rows)) > 2)


def _systems(rows: Sequence[PreferenceRow]) -> list[str]:
    return sorted({system for row in rows for system in (row.a.system, row.b.system)})


def _ranking(audience: str, rows: Sequence[PreferenceRow]) -> Ranking:
    systems = _systems(rows)
    tables = _tables(rows, systems)
    whole = _fit(tables.sum(axis=0))
    if whole is None:
        return Ranking(
            audience=audience,
            why="wins and ties do not lead from every system to every other: compare those that never met, or never lost",
        )
    redrawn = drawn(tables.reshape(len(tables), -1), DRAWS, 0).reshape(-1, *tables.shape[1:])
    refits = [fit.values for one in redrawn if (fit := _fit(one, whole)) is not None]
    ends = np.percentile(refits, [2.5, 97.5], axis=0) if len(refits) > DRAWS / 2 else None
    found = [
        Strength(
            system=name,
            value=whole.values[at],
            low=None if ends is None else float(ends[0, at]),
            high=None if ends is None else float(ends[1, at]),
        )
        for at, name in enumerate(systems)
    ]
    return Ranking(audience=audience, strengths=tuple(sorted(found, key=lambda one: -one.value)), ties=whole.ties)


def _tables(rows: Sequence[PreferenceRow], systems: Sequence[str]) -> np.ndarray:
    """[family, 2, system, system]: wins, then ties."""
    at = {name: place for place, name in enumerate(systems)}
    families = {name: place for place, name in enumerate(sorted({row.cluster for row in rows}))}
    tables = np.zeros((len(families), 2, len(systems), len(systems)))
    for row in rows:
        a, b = at[row.a.system], at[row.b.system]
        won, lost = (b, a) if row.preference == "b" else (a, b)
        tables[families[row.cluster], 0 if row.preference in ("a", "b") else 1, won, lost] += 1
    return tables


def _fit(tables: np.ndarray, start: Strengths | None = None) -> Strengths | None:
    return fit_strengths(tables[0], tables[1], start)
