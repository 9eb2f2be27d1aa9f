"""Risk weights refitted on other rows than those they are tried on."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks.suites._risk import Judged
from traceeval.measures.monotone import fit_monotone
from traceeval.risk import load_policy


def fold_of(groups: Sequence[str], folds: int) -> Callable[[Judged], str]:
    """Which of so many folds a row is in: groups stay together, drawn with a fixed seed."""
    names = sorted(set(groups))
    random.Random(0).shuffle(names)
    at = {name: str(number % folds) for number, name in enumerate(names)}
    return lambda one: at[one.group]


def left_out(rows: Sequence[Judged], group: Callable[[Judged], str]) -> list[Judged]:
    """Every row with the level that weights fitted on all other groups give it; in the order they came."""
    shipped = load_policy().rules
    known = {name: weight for name, weight in shipped.items() if weight > 0}

    def times(one: Judged) -> dict[str, float]:
        return {name: weight / known[name] for name, weight in one.weights.items() if name in known}

    models = {}
    for held in sorted({group(one) for one in rows}):
        rest = [one for one in rows if group(one) != held]
        models[held] = fit_monotone([times(one) for one in rest], [one.label for one in rest], prior=known)
    return [replace(one, level=models[group(one)](times(one))) for one in rows]
