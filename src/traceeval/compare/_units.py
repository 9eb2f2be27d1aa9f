"""Which traces of two runs are about the same case: by scenario and trial, else by what people said, else by their id."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("scenario", "inputs", "trace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The traces of both runs that have a partner, each with its ``unit``. ``trials``: a unit may have several."""

    base: pd.DataFrame
    head: pd.DataFrame
    by: dict[str, int]
    trials: bool
    only_base: tuple[str, ...]
    only_head: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def units(self) -> list[str]:
        """In the order of the base run."""
        return list(dict.fromkeys(self.base["unit"]))


def pair(base: pd.DataFrame, head: pd.DataFrame) -> Paired:
    """Keep what both runs have. A unit with trials keeps those that both have, so that the same work is compared."""
    base, head = _with_unit(base), _with_unit(head)
    doubled = _doubled(base) | _doubled(head)
    names = [_names(base), _names(head)]
    both = (set(base["unit"]) & set(head["unit"])) - doubled
    base, head = (side[side["unit"].isin(both)] for side in (base, head))
    base, head = _common(base, head), _common(head, base)
    kept = set(base["unit"]) & set(head["unit"])
    base, head = (side[side["unit"].isin(kept)].reset_index(drop=True) for side in (base, head))
    return Paired(
        base=base,
        head=head,
        by=dict(Counter(unit.partition(":")[0] for unit in dict.fromkeys(base["unit"]))),
        trials=bool(base["unit"].duplicated().any() or head["unit"].duplicated().any()),
        only_base=tuple(name for unit, name in names[0].items() if unit not in kept | doubled),
        only_head=tuple(name for unit, name in names[1].items() if unit not in kept | doubled),
        doubled=tuple(sorted({**names[0], **names[1]}[unit] for unit in doubled)),
    )


def _with_unit(traces: pd.DataFrame) -> pd.DataFrame:
    unit = None
    for key in KEYS:
        told = key + ":" + traces[key].astype("string")
        unit = told if unit is None else unit.fillna(told)
    return traces.assign(unit=unit)


def called(traces: pd.DataFrame) -> pd.Series[str]:
    """What people call each trace: its scenario, else what was asked, else its id."""
    return traces["scenario"].fillna(traces["title"]).fillna(traces["trace"]).astype(str)


def _names(traces: pd.DataFrame) -> dict[str, str]:
    first = traces.drop_duplicates("unit")
    return dict(zip(first["unit"].tolist(), called(first).tolist(), strict=True))


def _doubled(traces: pd.DataFrame) -> set[str]:
    """Units with two recordings under one trial: which of them counts nobody knows."""
    named = traces[traces["trial"].notna()]
    return set(named[named.duplicated(["unit", "trial"])]["unit"])


def _common(side: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The traces whose trial the other side has too, where trials are named on both."""
    import pandas as pd

    here, there = (pd.MultiIndex.from_frame(one[["unit", "trial"]]) for one in (side, other))
    named = set(other[other["trial"].notna()]["unit"]) & set(side[side["trial"].notna()]["unit"])
    return side[here.isin(there) | ~side["unit"].isin(named)]
