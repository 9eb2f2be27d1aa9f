"""tau-bench retail with human root causes: the figures of the airline suite, and where a failed run went wrong.

A root cause counts from 1 with the system message, which the rows leave out: message ``step_number - 2``. Failures that
nobody annotated are left out of ``top3_step``. The ranker is the shipped one, fitted on other people's conversations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from benchmarks.suites._tau import report_of


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """As the airline suite; ``top3_step``: the annotated step is among the three suspects, ``step``: it is the first."""
    found, judged = report_of(rows, "retail", path)
    places = {row["id"]: cause for row in rows if (cause := root_cause(row)) is not None}
    failed = [{**one, "cause": places[one["id"]], "named": suspects(one)} for one in judged if one["id"] in places]
    groups = [one["group"] for one in failed]

    def share(hit: Callable[[dict[str, Any]], bool]) -> Any:
        return measured(failed, groups, lambda some: sum(map(hit, some)) / len(some) if some else None)

    found["metrics"] |= {
        "top3_step": share(lambda one: one["cause"] in one["named"]),
        "step": share(lambda one: one["named"][:1] == [one["cause"]]),
        "top3_step_within_1": share(lambda one: any(abs(at - one["cause"]) <= 1 for at in one["named"])),
    }
    found["baselines"] |= {
        "last three steps that asked for a call": {
            "top3_step": _mean(failed, lambda one: one["cause"] in _asked(one)[-3:])
        },
        "three steps at random": {"top3_step": _mean(failed, lambda one: min(1.0, 3 / max(len(_steps(one)), 1)))},
    }
    found["attributed"] = len(failed)
    found["misses"] += [
        f"{one['id']}: root cause at message {one['cause']}, suspects {one['named']}"
        for one in failed
        if one["cause"] not in one["named"]
    ]
    return found


def root_cause(row: dict[str, Any]) -> int | None:
    """The 0-based message of the annotated root cause; None where there is none."""
    note = row.get("failure_annotation") or {}
    wanted = (note.get("root_cause") or {}).get("failure_id")
    step = next((one["step_number"] for one in note.get("failures") or () if one["failure_id"] == wanted), None)
    return int(step) - 2 if step is not None else None


def suspects(one: dict[str, Any]) -> list[int]:
    """0-based messages of the product's suspects."""
    from traceeval.diagnose import attribute

    found = attribute(one["dossier"], failed=True)
    spans = one["dossier"].graph.spans
    return [spans[suspect.span].seq - 1 for suspect in found.suspects] if found is not None else []


def _steps(one: dict[str, Any]) -> list[int]:
    from traceeval.diagnose._steps import steps_of

    return [step.span.seq - 1 for step in steps_of(one["dossier"].graph)]


def _asked(one: dict[str, Any]) -> list[int]:
    graph = one["dossier"].graph
    return sorted({graph.spans[call.batch].seq - 1 for call in graph.calls if call.batch})


def _mean(rows: Sequence[dict[str, Any]], value: Callable[[dict[str, Any]], float]) -> float | None:
    return sum(map(value, rows)) / len(rows) if rows else None
