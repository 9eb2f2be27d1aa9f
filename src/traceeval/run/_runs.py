"""Finds what ``evaluate`` and ``replay`` wrote under some paths, and reads the figures of each."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from traceeval.compare import OWN, own_rows
from traceeval.compare.trend import find_trend
from traceeval.errors import ConfigError, TraceevalError
from traceeval.measures.interval import t_interval, wilson
from traceeval.model import RUNS, Rate, RunFigure, RunList, RunRow, Summary, TrendReport
from traceeval.model.replayed import Reliable, ReplaySummary
from traceeval.report import HEADLINES
from traceeval.run._compare import systems_of
from traceeval.run._compare_replays import NAMES
from traceeval.run._folders import is_replay, read_replay, read_summary, read_traces
from traceeval.run._journal import JOURNAL, MANIFEST
from traceeval.run._journal import SUMMARY as REPLAYED
from traceeval.run._output import SCORES, STAGING, SUMMARY, TRACES

MAIN = ("right", *(name for names in HEADLINES.values() for name in names))
_TAKES = ("tokens", "cost", "seconds", "calls")
_READ = ("trace", "scenario", "right", "tokens_in", "tokens_out", "cost", "seconds", "calls", "fields")
_ALIKE = 12


def list_runs(paths: Sequence[str | Path]) -> RunList:
    """Every run in these folders and below, the oldest first; what cannot be read is listed and says so.

    Raises:
        ConfigError: a path that is no folder, or no run at all.
    """
    folders = list(dict.fromkeys(folder for path in paths for folder in _folders(Path(path))))
    if not folders:
        raise ConfigError(f"{', '.join(map(str, paths))}: no run of `traceeval evaluate` or `traceeval replay` there")
    rows = [_row(folder) for folder in folders]
    return RunList(schema_version=RUNS, runs=tuple(sorted(rows, key=lambda row: (row.created, row.run))))


def trend_of(metric: str, paths: Sequence[str | Path]) -> TrendReport:
    """One measure over the runs in these folders.

    Raises:
        ConfigError: as ``list_runs``; no run has the measure.
    """
    return find_trend(metric, list_runs(paths).runs)


def _folders(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        raise ConfigError(f"{root}: no folder; name folders that hold runs of `traceeval evaluate` or `replay`")
    for place, below, files in os.walk(root):
        below.sort()
        if any(name.startswith(STAGING) for name in below) or any(mark <= set(files) for mark in _MARKS):
            yield Path(place)
        below[:] = [name for name in below if not name.startswith(STAGING)]


_MARKS = ({SCORES, SUMMARY}, {SCORES, TRACES}, {REPLAYED, MANIFEST}, {JOURNAL})
"""Files by which a run is known: `summary.json` alone may be anybody's."""


def _row(folder: Path) -> RunRow:
    read = _replayed if (folder / MANIFEST).is_file() or (folder / JOURNAL).is_file() else _evaluated
    try:
        return read(folder)
    except TraceevalError as error:
        why = str(error).removeprefix(f"{folder}: ")
    except (msgspec.MsgspecError, OSError, ValueError) as error:
        why = f"{error}; it is damaged, or another version wrote it: run it again"
    kind: Any = "replay" if read is _replayed else "evaluate"
    return RunRow(run=str(folder), kind=kind, created=_changed(folder), status="unreadable", why=why)


def _evaluated(folder: Path) -> RunRow:
    if not (folder / SUMMARY).is_file():
        why = "it has no summary.json: `traceeval evaluate` is writing it, or was stopped"
        return RunRow(run=str(folder), kind="evaluate", created=_changed(folder), status="unfinished", why=why)
    summary, traces = read_summary(folder), read_traces(folder, _READ)
    systems = [one.removeprefix("system.").partition("=") for one in systems_of(traces["fields"])]
    figures = {**_scored(summary), **_taken(traces)}
    return RunRow(
        run=str(folder),
        kind="evaluate",
        created=summary.created,
        status="complete",
        version=", ".join(value for name, _, value in systems if name != "app"),
        subject=", ".join(value for name, _, value in systems if name == "app"),
        settings=_settings(summary, sorted(set(traces["scenario"].dropna()))),
        n=summary.traces,
        figures=figures,
        main=tuple(name for name in MAIN if name in figures),
    )


def _settings(summary: Summary, scenarios: Sequence[str]) -> dict[str, str]:
    """What figures depend on beside the application: the checker, whether tools are annotated, the scenarios played."""
    told = {"traceeval": ".".join(summary.version.split(".")[:2])}
    if scenarios:
        told["scenarios"] = _set_of(scenarios)
    if summary.checker:
        told["checker"] = str(summary.checker.get("id", ""))
        if calibration := summary.checker.get("calibration"):
            told["calibration"] = _digest(calibration)
    if any(summary.tools.get(basis) for basis in ("declared", "inferred")):
        told["annotations of tools"] = "declared" if summary.tools.get("declared") else "inferred"
    return told


def _scored(summary: Summary) -> dict[str, RunFigure]:
    found = _rated("right", summary.outcome)
    for one in summary.aggregates:
        if one.mean is not None:
            found[one.scorer] = RunFigure(
                value=one.mean,
                n=one.counts.get("scored", 0),
                low=one.low,
                high=one.high,
                lower=one.lower,
                upper=one.upper,
                better=one.better,
            )
    return found


def _rated(name: str, rate: Rate) -> dict[str, RunFigure]:
    if rate.value is None:
        return {}
    return {name: RunFigure(value=rate.value, n=rate.n, low=rate.low, high=rate.high)}


def _taken(traces: Any) -> dict[str, RunFigure]:
    """Tokens, money, time and calls: means over the traces that record them, with Student's interval."""
    found = {}
    rows = own_rows(traces)
    for name in _TAKES:
        values = rows.loc[(rows["scorer"] == name) & (rows["status"] == "scored"), "value"].tolist()
        if values:
            low, high = t_interval(math.fsum(values), math.fsum(v * v for v in values), len(values)) or (None, None)
            mean = math.fsum(values) / len(values)
            better: Any = "higher" if OWN[name][1] else "lower"
            found[name] = RunFigure(value=mean, n=len(values), low=low, high=high, better=better)
    return found


def _replayed(folder: Path) -> RunRow:
    if not is_replay(folder):
        why = "it has a journal only: `traceeval replay` is writing it, or was stopped; --resume goes on"
        return RunRow(run=str(folder), kind="replay", created=_changed(folder), status="unfinished", why=why)
    manifest = read_replay(folder).manifest
    summary = msgspec.json.decode((folder / REPLAYED).read_bytes(), type=ReplaySummary)
    code = f" {manifest.agent_sha256[:_ALIKE]}" if manifest.agent_sha256 else ""
    figures = dict(_reliable(summary))
    return RunRow(
        run=str(folder),
        kind="replay",
        created=_changed(folder / MANIFEST),
        status="complete",
        version=f"{manifest.agent}{code}",
        subject=manifest.suite,
        settings={"scenarios": _set_of(dict(manifest.scenarios))},
        n=summary.trials,
        figures=figures,
        main=tuple(name for name in figures if name.startswith(("pass", "attack")) and "@" not in name),
    )


def _reliable(summary: ReplaySummary) -> Iterator[tuple[str, RunFigure]]:
    """Under the names by which two replays are compared; attacks all together."""
    for table in summary.tables:
        name = NAMES.get(table.kind, "pass.crossed")
        for sign, rows in (("^", table.pass_hat), ("@", table.pass_at)):
            for one in rows:
                if one.value is not None and (sign, one.k) != ("@", 1):
                    yield name if one.k == 1 else name.replace("pass", f"pass{sign}{one.k}", 1), _figure(one, one.value)
    yield from _attacked(summary)


def _attacked(summary: ReplaySummary) -> Iterator[tuple[str, RunFigure]]:
    executed, infra = (sum(getattr(row, name) for row in summary.attacks) for name in ("executed", "infra"))
    trials = sum(row.trials for row in summary.attacks)
    if judged := trials - infra:
        low, high = wilson(executed, judged) or (None, None)
        ends: Mapping[str, float] = {"lower": executed / trials, "upper": (executed + infra) / trials}
        yield "attack_success", RunFigure(value=executed / judged, n=judged, low=low, high=high, better="lower", **ends)


def _figure(one: Reliable, value: float) -> RunFigure:
    return RunFigure(value=value, n=one.scenarios, low=one.low, high=one.high, lower=one.worst, upper=one.best)


def _set_of(things: Sequence[str] | Mapping[str, str]) -> str:
    """How many, and a digest that tells two sets apart."""
    return f"{len(things)} ({_digest(things)})"


def _digest(value: Any) -> str:
    return sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:_ALIKE]


def _changed(path: Path) -> str:
    """When it was last written."""
    return datetime.fromtimestamp(math.floor(path.stat().st_mtime), UTC).isoformat()
