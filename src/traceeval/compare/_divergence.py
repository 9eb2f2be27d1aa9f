"""Where two runs of one case part: the first step that differs, with what stood around it on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from traceeval.compare._units import called
from traceeval.model import Divergence

if TYPE_CHECKING:
    import pandas as pd

    from traceeval.compare._units import Paired

BEFORE, AFTER = 2, 3


def divergences(paired: Paired, units: Sequence[str], most: int) -> tuple[Divergence, ...]:
    """The first ``most`` of these units whose steps part, one pair of traces each."""
    base, head = (_firsts(side) for side in (paired.base, paired.head))
    found = (parting(unit, base[unit], head[unit]) for unit in units)
    return tuple(islice((one for one in found if one is not None), most))


def parted(paired: Paired) -> int:
    """In how many units the steps of the first pair of traces differ."""
    base, head = (_firsts(side) for side in (paired.base, paired.head))
    return sum(base[unit][2] != head[unit][2] for unit in base)


Row = tuple[str, str, list[str]]


def _firsts(side: pd.DataFrame) -> dict[str, Row]:
    """Unit -> (what it is called, trace, steps) of its first trial: the same on both sides, for both have the same trials."""
    ordered = side.sort_values(["unit", "trial"], kind="stable", na_position="first").drop_duplicates("unit")
    told = called(ordered)
    rows = zip(ordered["unit"], told, ordered["trace"], ordered["steps"], strict=True)
    return {unit: (str(name), str(trace), list(steps)) for unit, name, trace, steps in rows}


def parting(unit: str, base: Row, head: Row) -> Divergence | None:
    """The first difference between two lists of steps; None where they are equal."""
    at = next(_differing(base[2], head[2]), None)
    if at is None:
        return None
    return Divergence(
        unit=base[0],
        base_trace=base[1],
        head_trace=head[1],
        step=at + 1,
        before=tuple(base[2][max(0, at - BEFORE) : at]),
        base=tuple(base[2][at : at + AFTER]),
        head=tuple(head[2][at : at + AFTER]),
    )


def _differing(base: Sequence[str], head: Sequence[str]) -> Iterator[int]:
    return (at for at, (one, other) in enumerate(zip_longest(base, head)) if one != other)
