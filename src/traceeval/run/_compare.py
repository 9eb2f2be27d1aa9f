"""Two evaluated folders, compared: reads what ``evaluate`` wrote and names the measures a decision rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from traceeval.compare import OWN, Metric, RunTables, compare_runs, find_drift, judge_confidence
from traceeval.errors import ConfigError
from traceeval.model import Comparison, ConfidenceReport, DriftReport, Side, Summary
from traceeval.report import HEADLINES
from traceeval.run._compare_replays import read_replays, replay_metrics
from traceeval.run._folders import is_replay, read_scores, read_summary, read_traces


def compare_folders(
    base: str | Path,
    head: str | Path,
    *,
    metrics: Sequence[str] = (),
    margins: Mapping[str, float] | None = None,
    alpha: float = 0.05,
) -> Comparison:
    """What the run in ``head`` changed over the one in ``base``, both written by ``evaluate``, or both by ``replay``.

    Args:
        base: the folder of the version that is known.
        head: the folder of the version that is judged.
        metrics: the measures a decision rests on, corrected together; none: the end result, what each component is known
            by, tokens, cost and time.
        margins: measure -> a difference up to which the versions count as equivalent.
        alpha: the chance of a false alarm over all of ``metrics``.

    Raises:
        ConfigError: a folder that no ``evaluate`` wrote, or wrote before runs could be compared; replays of different suites;
            an unknown measure.
    """
    margins, folders = margins or {}, (Path(base), Path(head))
    changed: tuple[str, ...] = ()
    if all(map(is_replay, folders)):
        *tables, changed = read_replays(*folders)
        default, others = replay_metrics(*tables)
        known = {one.name: one for one in (*default, *others)}
        asked = [one.name for one in default]
    else:
        tables = [read_folder(folder) for folder in folders]
        known = _measures([read_summary(folder) for folder in folders])
        asked = list(_default(known))
    asked = list(dict.fromkeys((*(metrics or asked), *margins)))
    if unknown := [name for name in asked if name not in known]:
        raise ConfigError(f"{', '.join(unknown)}: not a measure of both runs; they have {', '.join(sorted(known))}")
    chosen = [replace(known[name], margin=margins.get(name)) for name in asked]
    rest = [one for name, one in known.items() if name not in asked]
    found = compare_runs(tables[0], tables[1], asked=chosen, others=rest, alpha=alpha)
    return msgspec.structs.replace(_called(found, *folders), changed=changed)


def folder_confidence(folder: str | Path) -> ConfidenceReport:
    """How far the confidence that answers state can be believed, of a folder written by ``evaluate``.

    Raises:
        ConfigError: as ``compare_folders``.
    """
    return judge_confidence(read_folder(Path(folder)).traces)


def drift_between(base: str | Path, head: str | Path) -> DriftReport:
    """How far two windows written by ``evaluate`` lie apart as distributions.

    Raises:
        ConfigError: as ``compare_folders``.
    """
    return find_drift(read_folder(Path(base)), read_folder(Path(head)))


def _called(found: Comparison, base: Path, head: Path) -> Comparison:
    """Both sides by the names of their folders, where those differ."""
    names = [folder.resolve().name for folder in (base, head)]
    if names[0] == names[1]:
        names = ["base", "head"]
    sides = [
        msgspec.structs.replace(side, name=name) for side, name in zip((found.base, found.head), names, strict=True)
    ]
    return msgspec.structs.replace(found, base=sides[0], head=sides[1])


def _default(known: Mapping[str, Metric]) -> Iterable[str]:
    """The end result, the first headline of each component that was scored, and what a run takes."""
    headlines = (next((name for name in names if name in known), None) for names in HEADLINES.values())
    return [name for name in ("right", *headlines, "tokens", "cost", "seconds") if name is not None]


def _measures(summaries: Sequence[Summary]) -> dict[str, Metric]:
    found = [
        {score.scorer: (row.component.value, score.better) for row in summary.components for score in row.scores}
        for summary in summaries
    ]
    scores = {
        name: Metric(name=name, component=part, better=better)
        for name, (part, better) in found[0].items()
        if name in found[1]
    }
    return {name: Metric(name=name, better="higher" if more else "lower") for name, (_, more) in OWN.items()} | scores


def read_folder(folder: Path) -> RunTables:
    """What is compared of a folder that ``evaluate`` wrote.

    Raises:
        ConfigError: it wrote none there, or an older version did.
        InputError: it is damaged.
    """
    created, traces = read_summary(folder).created, read_traces(folder)
    scores = read_scores(folder, ["trace", "scorer", "value", "status", "lower", "upper"])
    side = Side(name=str(folder), created=created, traces=len(traces), systems=systems_of(traces["fields"]))
    return RunTables(side=side, traces=traces, scores=scores)


def systems_of(fields: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """What the traces say of the build they were made by; the first few."""
    told = dict.fromkeys(one for row in fields for one in row if one.startswith("system."))
    return tuple(told)[:8]
