"""Where two runs of one case part: the first step that differs, with what stood around it on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from traceeval.compare._units import called
from traceeval.model import Divergence

if TYPE_CHECKING:
    import pandas as pd

    from traceeval.compare._units import Paired

BEFORE, AFTER = 2, 3


def divergences(paired: Paired, units: Sequence[str], most: int) -> tuple[Divergence, ...]:
    """The first ``most`` of these units whose steps part, one pair of traces each."""
    rows = _first_pairs(paired)
    found = (parting(*rows[unit]) for unit in units)
    return tuple(islice((one for one in found if one is not None), most))


def parted(paired: Paired) -> int:
    """In how many units the steps of the first pair of traces differ."""
    return sum(base.steps != head.steps for base, head in _first_pairs(paired).values())


class Steps(NamedTuple):
    """One trace: what its case is called, its id, what it did."""

    unit: str
    trace: str
    steps: list[str]


def _first_pairs(paired: Paired) -> dict[str, tuple[Steps, Steps]]:
    """Unit -> its first trace in the base, and in the head the one of the same trial, else the first."""
    base, head = _by_unit(paired.base), _by_unit(paired.head)
    found = {}
    for unit, rows in base.items():
        trial, first = next(iter(rows.items()))
        others = head[unit]
        found[unit] = first, others.get(trial) or next(iter(others.values()))
    return found


def _by_unit(side: pd.DataFrame) -> dict[str, dict[str | None, Steps]]:
    """Unit -> trial -> steps, in the order of the run."""
    found: dict[str, dict[str | None, Steps]] = {}
    rows = zip(side["unit"], side["trial"], called(side), side["trace"], side["steps"], strict=True)
    for unit, trial, name, trace, steps in rows:
        found.setdefault(unit, {}).setdefault(trial, Steps(name, trace, list(steps)))
    return found


def parting(base: Steps, head: Steps) -> Divergence | None:
    """The first difference between two lists of steps; None where they are equal."""
    at = next(_differing(base.steps, head.steps), None)
    if at is None:
        return None
    return Divergence(
        unit=base.unit,
        base_trace=base.trace,
        head_trace=head.trace,
        step=at + 1,
        before=tuple(base.steps[max(0, at - BEFORE) : at]),
        base=tuple(base.steps[at : at + AFTER]),
        head=tuple(head.steps[at : at + AFTER]),
    )


def _differing(base: Sequence[str], head: Sequence[str]) -> Iterator[int]:
    return (at for at, (one, other) in enumerate(zip_longest(base, head)) if one != other)
