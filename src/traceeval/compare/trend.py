"""One measure over time: runs that can be compared with the newest, and the others with the reason why they cannot.

No change point is sought: between two runs `compare` pairs the cases and says what is proven, and against a reference
`monitor` stays valid under repeated looks; a rule on a handful of means would do neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from traceeval.errors import ConfigError
from traceeval.measures.safe_text import inline
from traceeval.model import TREND, LeftOut, RunRow, TrendPoint, TrendReport

_SHOWN = 40


def find_trend(metric: str, runs: Sequence[RunRow]) -> TrendReport:
    """The series of ``metric``. The newest complete run that has it says of which subject and settings the series is.

    Raises:
        ConfigError: no run has it.
    """
    ordered = sorted(runs, key=lambda run: (run.created, run.run))
    having = [run for run in ordered if run.status == "complete" and metric in run.figures]
    if not having:
        known = dict.fromkeys(name for run in ordered for name in run.main)
        told = f"the runs have {', '.join(known)}, among others" if known else "no complete run was found"
        raise ConfigError(f"{metric}: no run has that measure; {told} (`traceeval runs --json` lists all)")
    newest = having[-1]
    reasons = {run.run: _why_not(run, newest, metric) for run in ordered}
    kept = [run for run in ordered if not reasons[run.run]]
    return TrendReport(
        schema_version=TREND,
        metric=metric,
        better=newest.figures[metric].better,
        subject=newest.subject,
        points=tuple(_points(kept, metric)),
        left_out=tuple(LeftOut(run=run.run, why=reasons[run.run]) for run in ordered if reasons[run.run]),
    )


def _points(runs: Sequence[RunRow], metric: str) -> Iterator[TrendPoint]:
    marks = [False, *(one.version != other.version for one, other in pairwise(runs))]
    for run, new in zip(runs, marks, strict=True):
        yield TrendPoint(run=run.run, created=run.created, version=run.version, figure=run.figures[metric], new=new)


def _why_not(run: RunRow, newest: RunRow, metric: str) -> str:
    """Why a run is no point of the series; empty where it is one."""
    if run.status != "complete":
        return f"{run.status}: {run.why}"
    if run.kind != newest.kind:
        return f"written by `traceeval {run.kind}`, the newest by `traceeval {newest.kind}`"
    if run.subject != newest.subject:
        return f"of {_named(run.subject)}, the newest of {_named(newest.subject)}"
    names = sorted({*run.settings, *newest.settings})
    other = [name for name in names if run.settings.get(name) != newest.settings.get(name)]
    if other:
        told = (f"{name} {_named(run.settings.get(name))}, now {_named(newest.settings.get(name))}" for name in other)
        return f"other settings: {'; '.join(told)}"
    return "" if metric in run.figures else f"{metric} was scored in none of its traces"


def _named(value: str | None) -> str:
    return inline(value, _SHOWN) if value else "none"
