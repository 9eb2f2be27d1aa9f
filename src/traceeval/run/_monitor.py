"""Evaluated folders watched against a reference, in the order in which they were made; each alarm is told once."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import msgspec

from traceeval.compare import RunTables, own_rows
from traceeval.errors import ConfigError
from traceeval.measures.sequential import needed, watch
from traceeval.model import WATCH, WatchedMetric, WatchReport
from traceeval.review.webhooks import Webhook, post, signed_headers
from traceeval.run._compare import read_folder

DEFAULT = ("right", "generator.grounded", "retriever.recall", "tool.exact")


def monitor_folders(
    reference: str | Path, folders: Sequence[str | Path], *, metrics: Sequence[str] = (), alpha: float = 0.05
) -> WatchReport:
    """Whether measures still lie where they lay in the reference.

    Args:
        reference: the folder of a time that was good.
        folders: later ones, in any order: they are read by the time they were made.
        metrics: measures in 0..1; none: the end result and what components are known by, as far as the reference has them.
        alpha: the chance of any false alarm, over all measures and however often one looks.

    Raises:
        ConfigError: no such measure, one outside 0..1, a reference with fewer than two values, one run named twice.
    """
    good = read_folder(Path(reference))
    later = sorted((read_folder(Path(folder)) for folder in folders), key=lambda tables: tables.side.created)
    _require_once([good, *later])
    base = _values(good)
    told = [_values(tables) for tables in later]
    asked = list(metrics) or [name for name in DEFAULT if len(base.get(name, ())) > 1]
    if missing := [name for name in asked if len(base.get(name, ())) < 2]:
        raise ConfigError(
            f"{', '.join(missing)}: fewer than two values in {reference}; it has {', '.join(sorted(base))}"
        )
    rows = tuple(_watched(name, base, told, alpha / len(asked)) for name in asked)
    return WatchReport(schema_version=WATCH, reference=str(reference), alpha=alpha, metrics=rows)


def _require_once(runs: Sequence[RunTables]) -> None:
    """A trace that counts twice pays every bet twice, and alarms are no longer worth what is said of them."""
    seen: dict[tuple[object, ...], str] = {}
    for one in runs:
        known = seen.setdefault((one.side.created, *one.traces["trace"]), one.side.name)
        if known is not one.side.name:
            raise ConfigError(f"{known} and {one.side.name} are one run: its traces would count twice; name it once")


Values = dict[str, list[tuple[str, float]]]


def _values(tables: RunTables) -> Values:
    """Metric -> (trace, value) in the order of the traces; of several scores of a trace the mean."""
    import pandas as pd

    columns = ["trace", "scorer", "value", "status"]
    rows = pd.concat([own_rows(tables.traces)[columns], tables.scores[columns]], ignore_index=True)
    means = rows[rows["status"] == "scored"].groupby(["scorer", "trace"], sort=False)["value"].mean()
    order = {trace: at for at, trace in enumerate(tables.traces["trace"])}
    found: Values = {}
    for name, trace, value in means.reset_index().itertuples(index=False):
        found.setdefault(name, []).append((trace, float(value)))
    return {name: sorted(told, key=lambda one: order.get(one[0], 0)) for name, told in found.items()}


def _watched(name: str, base: Values, later: Sequence[Values], alpha: float) -> WatchedMetric:
    import numpy as np

    new = [one for values in later for one in values.get(name, ())]
    try:
        found = watch(np.array([value for _, value in base[name]]), (value for _, value in new), alpha=alpha)
    except ValueError as error:
        raise ConfigError(f"{name} cannot be watched: {error}") from error
    alarm = found.alarm
    return WatchedMetric(
        metric=name,
        reference=len(base[name]),
        low=found.low,
        high=found.high,
        n=found.n,
        mean=sum(value for _, value in new) / len(new) if new else None,
        rose=found.rose,
        fell=found.fell,
        needed=needed(alpha),
        alarm_at=alarm.at if alarm else None,
        way=alarm.way if alarm else None,
        trace=new[alarm.at - 1][0] if alarm else None,
    )


def tell_alarms(report: WatchReport, state: Path, hook: Webhook) -> int:
    """Send each alarm that the state file does not hold yet, one message an alarm; how many were sent.

    An alarm is written down after it was taken: what a dead receiver missed is sent the next time, with the same id.

    Raises:
        OSError: nobody took it.
    """
    known = set(json.loads(state.read_text(encoding="utf-8"))) if state.exists() else set()
    sent = 0
    for id_, body in _messages(report):
        if id_ in known:
            continue
        status = post(hook.url, body, signed_headers(hook, id_, int(time.time()), body))
        if not 200 <= status < 300:
            raise OSError(f"{hook.url} answered {status}")
        known.add(id_)
        staged = state.with_name(f".{state.name}.{os.getpid()}")
        staged.write_text(json.dumps(sorted(known), indent=1) + "\n", encoding="utf-8")
        os.replace(staged, state)
        sent += 1
    return sent


def _messages(report: WatchReport) -> Iterator[tuple[str, bytes]]:
    for row in report.metrics:
        if row.alarm_at is None:
            continue
        data = {"metric": row.metric, "way": row.way, "after": row.alarm_at, "reference": [row.low, row.high]}
        told = {"type": "monitor.alarm", "data": data}
        key = f"{report.reference}\x00{row.metric}\x00{row.way}\x00{row.trace}"
        yield f"msg_{uuid5(NAMESPACE_URL, key).hex}", msgspec.json.encode(told)
