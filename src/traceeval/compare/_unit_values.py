"""What each unit of a run says of each measure: a mean over its traces, and what failed scores leave open of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from traceeval.compare._units import Paired

OWN: Mapping[str, tuple[str, bool]] = {
    "right": ("share", True),
    "tokens": ("tokens", False),
    "cost": ("money", False),
    "seconds": ("seconds", False),
    "calls": ("calls", False),
}
"""Measures of a trace that no scorer makes: unit, and whether more is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitValues:
    """One measure on both sides, arrays over all paired units; NaN: nothing was scored there.

    ``lower``, ``upper``: the same mean with every failed score at its worst and best; NaN where it does not apply.
    ``statuses``: status -> shares of the unit's traces that ended in it.
    """

    base: Any
    head: Any
    base_ends: tuple[Any, Any]
    head_ends: tuple[Any, Any]
    statuses: Mapping[str, tuple[Any, Any]]


def own_rows(traces: pd.DataFrame) -> pd.DataFrame:
    """The measures in ``OWN`` in the form of ``scores.parquet``: trace, scorer, value, status, lower, upper."""
    import pandas as pd

    tokens = traces[["tokens_in", "tokens_out"]].astype("float64").sum(axis=1, min_count=1)
    told = {
        "right": traces["right"].astype("Float64").astype("float64"),
        "tokens": tokens,
        **{name: traces[name].astype("float64") for name in ("cost", "seconds", "calls")},
    }
    frames = [
        pd.DataFrame({"trace": traces["trace"], "scorer": name, "value": values, "lower": values, "upper": values})
        for name, values in told.items()
    ]
    rows = pd.concat(frames, ignore_index=True)
    return rows.assign(status=rows["value"].notna().map({True: "scored", False: "not_recorded"}))


def finding_rows(traces: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Whether each trace has each of these findings, 0 or 1, in the same form: one that is gone is a 0, no gap."""
    import pandas as pd

    found = traces[["trace", "codes"]].explode("codes").dropna()
    table = pd.crosstab(found["trace"], found["codes"]).clip(upper=1)
    table = table.reindex(index=traces["trace"], columns=list(codes), fill_value=0).astype("float64")
    rows = table.rename_axis(index="trace").reset_index().melt("trace", var_name="scorer", value_name="value")
    return rows.assign(lower=rows["value"], upper=rows["value"], status="scored")


def unit_values(paired: Paired, base: pd.DataFrame, head: pd.DataFrame) -> dict[str, UnitValues]:
    """Every measure that both runs have, from rows of the form above."""
    units = paired.units
    sides = [_by_unit(rows, side) for rows, side in ((base, paired.base), (head, paired.head))]
    shared = [name for name in sides[0] if name in sides[1]]
    return {name: _joined(sides[0][name], sides[1][name], units) for name in shared}


def _by_unit(rows: pd.DataFrame, traces: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """For each measure a table by unit: value, lower, upper, and a column a status with its share."""
    import pandas as pd

    rows = rows.merge(traces[["trace", "unit"]], on="trace", how="inner")
    told = rows[["value", "lower", "upper"]].astype("float64")
    scored, failed = rows["status"] == "scored", rows["status"] == "failed"
    rows = rows.assign(
        value=told["value"].where(scored),
        lower=told["value"].where(scored, told["lower"].where(failed)),
        upper=told["value"].where(scored, told["upper"].where(failed)),
        unbounded=failed & told["lower"].isna(),
        failed=failed,
    )
    keys = ["scorer", "unit", "trace"]
    by_trace = rows.groupby(keys, sort=False).agg(
        value=("value", "mean"), lower=("lower", "mean"), upper=("upper", "mean"), unbounded=("unbounded", "any")
    )
    status = rows.sort_values("failed", ascending=False, kind="stable")
    by_trace["status"] = status.groupby(keys, sort=False)["status"].first()
    means = by_trace.groupby(["scorer", "unit"], sort=False)[["value", "lower", "upper"]].mean()
    open_ended = by_trace.groupby(["scorer", "unit"], sort=False)["unbounded"].any()
    means.loc[open_ended, "lower"], means.loc[open_ended, "upper"] = float("-inf"), float("inf")
    shares = pd.crosstab(
        [by_trace.index.get_level_values(0), by_trace.index.get_level_values(1)], by_trace["status"], normalize="index"
    )
    shares.index.names = ["scorer", "unit"]
    table = means.join(shares)
    return {str(name): part.droplevel(0) for name, part in table.groupby(level=0, sort=False)}


def _joined(base: pd.DataFrame, head: pd.DataFrame, units: list[str]) -> UnitValues:
    base, head = base.reindex(units), head.reindex(units)
    names = dict.fromkeys([*base.columns, *head.columns])
    silent = [name for name in names if name not in ("value", "lower", "upper", "scored")]
    return UnitValues(
        base=base["value"].to_numpy(),
        head=head["value"].to_numpy(),
        base_ends=(base["lower"].to_numpy(), base["upper"].to_numpy()),
        head_ends=(head["lower"].to_numpy(), head["upper"].to_numpy()),
        statuses={name: (_share(base, name), _share(head, name)) for name in silent},
    )


def _share(side: pd.DataFrame, name: str) -> Any:
    import numpy as np

    return side[name].fillna(0.0).to_numpy() if name in side.columns else np.zeros(len(side))
