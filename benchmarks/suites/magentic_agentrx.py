"""Magentic-One failures, annotated by AgentRx: every listed failure and the root cause; Who&When saw the same runs.

Rows whose annotators named no root cause are scored on the listed failures alone. The shipped ranker was fitted on
Who&When rows of the same runs: with ``--cv`` it is refitted without the run it judges, where those rows are beside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.quality import read_rows
from benchmarks.suites._attribution import Run, baselines, judged, metrics, refit, run_of
from benchmarks.suites.who_and_when import runs_of
from traceeval.diagnose._attribution import ranker

BESIDE = Path("who_and_when") / "dev.jsonl"


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """The metrics of ``who_and_when`` against this annotation, and against the other one where its rows are beside."""
    runs = [one for row in rows if (one := _run(row)) is not None]
    folder = path if path.is_dir() else path.parent
    other = folder.parent / BESIDE
    theirs = runs_of(read_rows(other)) if other.exists() else []
    said = [judged(one, _without(theirs, one) if cv and theirs else ranker().choice) for one in runs]
    same = {_question(one): one for one in theirs}
    crossed = [type(one)(same[key], one.places, one.agent) for one in said if (key := _question(one.run)) in same]
    return {
        "in_sample": not cv,
        "metrics": metrics(said),
        "subsets": {"against Who&When": metrics(crossed)} if crossed else {},
        "baselines": {
            **baselines(runs),
            "other annotators": {
                "step": _share(
                    [one.run.steps[0] == _same_step(one, same) for one in said if _question(one.run) in same]
                )
            },
        },
        "misses": [
            f"{one.run.id}: said {list(one.places)}, people {list(one.run.steps)}"
            for one in said
            if one.run.steps[0] not in one.places
        ],
    }


def _run(row: dict[str, Any]) -> Run | None:
    """Failures count from 1 with the human's message as step 1; ``root_cause_index`` is 0-based already."""
    failures = row["annotation"]["failures"]
    listed = [int(one["step_number"]) - 1 for one in failures]
    root = row["root_cause_index"] if row["root_cause_index"] is not None else next(iter(listed), None)
    agent = row["root_cause_agent"] or next((one["failed_agent"] for one in failures), None)
    if root is None or agent is None:
        return None
    steps = [root, *(step for step in listed if step != root)]
    return run_of(row, row["trajectory"], steps, [agent], "Magentic-One")


def _question(run: Run) -> str:
    span = run.dossier.graph.users[0][1] if run.dossier.graph.users else ""
    return " ".join(span.split())


def _same_step(one: Any, same: dict[str, Run]) -> int:
    return same[_question(one.run)].steps[0]


def _without(theirs: list[Run], one: Run) -> Any:
    return refit([run for run in theirs if _question(run) != _question(one)])[0]


def _share(values: list[bool]) -> float | None:
    return sum(values) / len(values) if values else None
