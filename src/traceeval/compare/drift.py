"""Window against window: score distributions, the mix of tools and documents, the words people use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from traceeval.compare._unit_values import own_rows
from traceeval.compare.runs import RunTables
from traceeval.measures.drift import Distance, mix_distance, value_distance
from traceeval.measures.paired import false_discovery
from traceeval.model import DRIFT, DriftReport, DriftRow, Shift

if TYPE_CHECKING:
    import pandas as pd

MOST_TRACES, MOST_THINGS, FEWEST, ALPHA, SHOWN = 2000, 300, 20, 0.05, 3
_WORD = re.compile(r"\w+")


def find_drift(base: RunTables, head: RunTables, *, seed: int = 0) -> DriftReport:
    """What differs between two windows of unpaired traces; of more than ``MOST_TRACES`` a side a sample is looked at."""
    sides = [_sampled(run.traces, seed) for run in (base, head)]
    rows = [*_values(base, head, sides, seed), *_mixes(sides, seed)]
    adjusted = false_discovery([row.p for row in rows])
    told = [msgspec.structs.replace(row, adjusted=p, drifted=p < ALPHA) for row, p in zip(rows, adjusted, strict=True)]
    return DriftReport(
        schema_version=DRIFT,
        base=len(base.traces),
        head=len(head.traces),
        sampled=(len(sides[0]), len(sides[1])),
        rows=tuple(sorted(told, key=lambda row: (row.adjusted, -row.distance, row.what))),
    )


def _sampled(traces: pd.DataFrame, seed: int) -> pd.DataFrame:
    return traces if len(traces) <= MOST_TRACES else traces.sample(MOST_TRACES, random_state=seed)


def _values(base: RunTables, head: RunTables, sides: Sequence[pd.DataFrame], seed: int) -> Iterator[DriftRow]:
    """Every measure with enough values on both sides, one value a trace."""
    told = [_means(run, side) for run, side in zip((base, head), sides, strict=True)]
    for name in told[0].keys() & told[1].keys():
        mine, theirs = told[0][name], told[1][name]
        if min(len(mine), len(theirs)) < FEWEST:
            continue
        if (found := value_distance(mine, theirs, seed=seed)) is not None:
            means = {"base_mean": float(mine.mean()), "head_mean": float(theirs.mean())}
            yield _row(name, "values", mine, theirs, found, **means)


def _row(what: str, kind: Literal["values", "mix"], base: Any, head: Any, found: Distance, **told: Any) -> DriftRow:
    """A row that nobody corrected yet for how many there are."""
    return DriftRow(
        what=what,
        kind=kind,
        base_n=len(base),
        head_n=len(head),
        distance=found.value,
        p=found.p,
        adjusted=1.0,
        drifted=False,
        **told,
    )


def _means(run: RunTables, side: pd.DataFrame) -> dict[str, Any]:
    import pandas as pd

    columns = ["trace", "scorer", "value", "status"]
    rows = pd.concat([own_rows(side)[columns], run.scores[columns]], ignore_index=True)
    rows = rows[(rows["status"] == "scored") & rows["trace"].isin(side["trace"])]
    means = rows.groupby(["scorer", "trace"], sort=False)["value"].mean()
    return {str(name): part.to_numpy(dtype="float64") for name, part in means.groupby(level=0, sort=False)}


def _words(title: str | None) -> list[str]:
    """The words of what was asked."""
    return _WORD.findall(title.lower()) if title else []


def _mixes(sides: Sequence[pd.DataFrame], seed: int) -> Iterator[DriftRow]:
    """The tools that were called, the documents that were found, the words people used; of the traces that record any."""
    for what, told in (
        ("tools", [side["tools"] for side in sides]),
        ("documents", [side["documents"].dropna() for side in sides]),
        ("words", [side["title"].map(_words) for side in sides]),
    ):
        counted = [[Counter(things) for things in side] for side in told]
        total = sum((one for side in counted for one in side), Counter[str]())
        names = [name for name, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:MOST_THINGS]]
        base, head = (_counts(side, names) for side in counted)
        if min(len(base), len(head)) < FEWEST or not names:
            continue
        if (found := mix_distance(base, head, seed=seed)) is not None:
            yield _row(what, "mix", base, head, found, shifts=tuple(_shifts(base, head, names)))


def _counts(side: Sequence[Counter[str]], names: Sequence[str]) -> Any:
    import numpy as np

    return np.array([[one[name] for name in names] for one in side], dtype=np.float64).reshape(len(side), len(names))


def _shifts(base: Any, head: Any, names: Sequence[str]) -> Iterator[Shift]:
    import numpy as np

    mine, theirs = (side.sum(axis=0) / side.sum() for side in (base, head))
    for at in np.argsort(-np.abs(mine - theirs), kind="stable")[:SHOWN]:
        if mine[at] != theirs[at]:
            yield Shift(name=names[at], base=float(mine[at]), head=float(theirs[at]))
