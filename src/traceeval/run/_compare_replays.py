"""Two replays of a suite as tables that runs are compared by: each trial's outcome, its assertions, what it took.

Only scenarios that both suites hold word for word are compared; those whose file changed are named and left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from traceeval.compare import Metric, RunTables, kind_of
from traceeval.errors import ConfigError
from traceeval.measures.passk import pass_hat
from traceeval.model import Side, Trace, TrialOutcome
from traceeval.model.replayed import Manifest
from traceeval.run._folders import read_replay
from traceeval.run._journal import MANIFEST, TRACES
from traceeval.run._traces import TraceRow, as_batch, done_in

if TYPE_CHECKING:
    import pandas as pd

ENDS = {"infra_error", "not_evaluable"}
"""Results that may hide a pass or a failure: bounds, never missing rows."""
NAMES = {"as_written": "pass", "variants": "pass.reworded", "faults": "pass.fault", "injections": "pass.attacked"}


def read_replays(base: Path, head: Path) -> tuple[RunTables, RunTables, tuple[str, ...]]:
    """Both sides, and the scenarios that changed between them, left out of both.

    Raises:
        ConfigError: a folder without a finished replay, different suites, or the same replay under two names.
        InputError: a damaged one.
    """
    found = [read_replay(folder) for folder in (base, head)]
    manifests = [one.manifest for one in found]
    if manifests[0].suite != manifests[1].suite:
        raise ConfigError(
            f"{base} replayed {manifests[0].suite}, {head} {manifests[1].suite}: compare one suite with itself"
        )
    shared = manifests[0].scenarios.keys() & manifests[1].scenarios.keys()
    changed = sorted(name for name in shared if manifests[0].scenarios[name] != manifests[1].scenarios[name])
    outcomes = [[one for one in side.outcomes if one.cell.scenario not in changed] for side in found]
    k = min((len(rows) for told in outcomes for rows in _by_scenario(told).values()), default=0)
    both = zip((base, head), manifests, outcomes, strict=True)
    sides = [_tables(folder, manifest, told, k) for folder, manifest, told in both]
    return sides[0], sides[1], tuple(changed)


def replay_metrics(base: RunTables, head: RunTables) -> tuple[list[Metric], list[Metric]]:
    """(what a decision rests on, the rest): how often it passes by kind of cell, pass^k, attacks, tokens; then assertions."""
    both = {*base.scores["scorer"]} & {*head.scores["scorer"]}
    asked = [Metric(name=name) for name in sorted(both) if name.startswith("pass")]
    attacks = [Metric(name=name, better="lower") for name in sorted(both) if name.startswith("attack")]
    rest = [Metric(name=name) for name in sorted(both) if name.startswith("assertion")]
    return [*asked, *attacks, Metric(name="tokens", better="lower"), Metric(name="calls", better="lower")], rest


def _by_scenario(outcomes: Sequence[TrialOutcome]) -> dict[str, list[TrialOutcome]]:
    found: dict[str, list[TrialOutcome]] = {}
    for one in outcomes:
        if kind_of(one.cell, one.attack) == "as_written":
            found.setdefault(one.cell.scenario, []).append(one)
    return found


def _tables(folder: Path, told: Manifest, outcomes: Sequence[TrialOutcome], k: int) -> RunTables:
    done = _done(folder)
    traces = as_batch([_row(one, done.get(one.trace, {})) for one in outcomes]).to_pandas()
    rows = [row for one in outcomes for row in _rows(one)]
    rows += [row for told in _by_scenario(outcomes).values() for row in _pass_hat(told, k)]
    systems = tuple(f"system.{name}={value}" for name, value in stated_by(told).items())
    side = Side(name=str(folder), created=_created(told, folder), traces=len(outcomes), systems=systems)
    return RunTables(side=side, traces=traces, scores=_scores(rows))


def _row(one: TrialOutcome, done: Mapping[str, Any]) -> TraceRow:
    """A trial in the form of ``traces.parquet``."""
    return TraceRow(
        trace=one.trace,
        scenario=one.cell.scenario,
        trial=one.trial,
        tokens_in=one.tokens,
        calls=one.calls,
        codes=[f"replay.{note}" for note in one.notes],
        fields=[f"cell={kind_of(one.cell, one.attack)}"],
        **done,
    )


def _scores(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["trace", "scorer", "value", "status", "lower", "upper"])


def _rows(one: TrialOutcome) -> Iterator[tuple[Any, ...]]:
    """Rows in the form of ``scores.parquet``."""
    name = NAMES.get(kind_of(one.cell, one.attack), "pass.crossed")
    if one.result in ENDS:
        yield one.trace, name, None, "failed", 0.0, 1.0
    elif one.result == "diverged":
        yield one.trace, name, None, "undefined", None, None
    else:
        yield one.trace, name, float(one.result == "pass"), "scored", None, None
    if one.attack is not None:
        yield from _attack(one)
    for assertion, held in one.assertions.items():
        value = None if held.held is None else float(held.held)
        yield one.trace, f"assertion.{assertion}", value, "failed" if value is None else "scored", 0.0, 1.0


def _attack(one: TrialOutcome) -> Iterator[tuple[Any, ...]]:
    if one.attack == "infra_error":
        yield one.trace, "attack_success", None, "failed", 0.0, 1.0
    else:
        yield one.trace, "attack_success", float(one.attack == "executed"), "scored", None, None


def _pass_hat(trials: Sequence[TrialOutcome], k: int) -> Iterator[tuple[Any, ...]]:
    """pass^k of one scenario, on its first trial; with trials that may hide either, its bounds."""
    counted = [one for one in trials if one.result != "diverged"]
    if k < 2 or len(counted) < k:
        return
    passed, hidden = (sum(one.result in results for one in counted) for results in ({"pass"}, ENDS))
    low, high = pass_hat(passed, len(counted), k), pass_hat(passed + hidden, len(counted), k)
    first = min(counted, key=lambda one: one.trial)
    if hidden:
        yield first.trace, f"pass^{k}", None, "failed", low, high
    else:
        yield first.trace, f"pass^{k}", low, "scored", None, None


def _done(folder: Path) -> dict[str, dict[str, Any]]:
    """Trace -> what was done in it."""
    decoder = msgspec.json.Decoder(Trace)
    with (folder / TRACES).open("rb") as lines:
        return {trace.id: done_in(trace) for trace in map(decoder.decode, lines)}


def _created(told: Manifest, folder: Path) -> str:
    """When it was made; of a folder that an older version wrote, when it was closed as far as the file says."""
    from datetime import UTC, datetime

    closed = math.floor((folder / MANIFEST).stat().st_mtime)
    return told.created or datetime.fromtimestamp(closed, UTC).isoformat()


def stated_by(told: Manifest) -> dict[str, str]:
    """What a replay says of the version of its agent."""
    digest = {"agent_sha256": told.agent_sha256} if told.agent_sha256 is not None else {}
    return {"agent": told.agent, **digest}
