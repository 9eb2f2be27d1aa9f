"""Failure attribution on annotated runs: the package's steps, features and suspects, ranked by shipped or refitted weights."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks._bootstrap import measured
from traceeval.adapters.groupchat import groupchat
from traceeval.diagnose._attribution import rank
from traceeval.diagnose._step_features import features
from traceeval.diagnose._steps import steps_of
from traceeval.graph import Dossier, TraceGraph
from traceeval.measures.choice import Case, Choice, fit, log_likelihood
from traceeval.model import Attribution, Trace, text_of

RIDGES = (5.0, 15.0, 40.0)
FOLDS, INNER, SEEDS = 10, 5, 5


@dataclass(frozen=True, slots=True)
class Run:
    """A failed run with what people named: ``steps`` are 0-based places in the log, the first the root cause."""

    id: str
    group: str
    subset: str
    dossier: Dossier
    steps: tuple[int, ...]
    agents: tuple[str, ...]
    rows: list[dict[str, float]] = field(default_factory=list)
    places: tuple[int, ...] = ()
    speakers: tuple[str, ...] = ()

    @property
    def case(self) -> Case | None:
        """For a fit: the root cause among the candidates; None when it is none of them."""
        return (self.rows, self.places.index(self.steps[0])) if self.steps[0] in self.places else None


def run_of(
    row: Mapping[str, Any], log: Sequence[Mapping[str, Any]], steps: Iterable[int], agents: Iterable[str], subset: str
) -> Run:
    """Read a log through the adapter; nothing of the row but log and question reaches the product."""
    holder = {"id": row["id"], "history": log, **({"question": row["question"]} if "question" in row else {})}
    found = list(groupchat(io.BufferedReader(io.BytesIO(json.dumps(holder).encode())), str(row["id"])))
    trace = next(one for one in found if isinstance(one, Trace))
    dossier = Dossier(graph=TraceGraph(trace), scores={})
    candidates = steps_of(dossier.graph)
    rows = features(candidates, text_of(trace.question) or "", text_of(trace.answer) or "")
    return Run(
        id=str(row["id"]),
        group=row["group"],
        subset=subset,
        dossier=dossier,
        steps=tuple(steps),
        agents=tuple(agents),
        rows=rows,
        places=tuple(step.span.seq - 1 for step in candidates),
        speakers=tuple(step.agent for step in candidates),
    )


def place(attribution: Attribution, run: Run) -> list[int]:
    """0-based places of the suspects in the log."""
    spans = run.dossier.graph.spans
    return [spans[suspect.span].seq - 1 for suspect in attribution.suspects]


def refit(runs: Sequence[Run]) -> tuple[Choice, float]:
    """Fit with the ridge that predicts best inside these runs (grouped folds); the ridge with it."""
    groups = sorted({run.group for run in runs})
    random.Random(0).shuffle(groups)
    at = {group: number % INNER for number, group in enumerate(groups)}
    cases = [(at[run.group], run.case) for run in runs if run.case is not None]

    def score(ridge: float) -> float:
        total = 0.0
        for fold in range(INNER):
            inside = [case for number, case in cases if number != fold]
            held = [case for number, case in cases if number == fold]
            total += log_likelihood(fit(inside, ridge=ridge), held)
        return total

    ridge = max(RIDGES, key=score)
    return fit([case for _, case in cases], ridge=ridge), ridge


def folded(runs: Sequence[Run], seed: int) -> Iterator[tuple[Choice, list[Run]]]:
    """(weights of the other groups, the runs of this fold)."""
    groups = sorted({run.group for run in runs})
    random.Random(seed).shuffle(groups)
    at = {group: number % FOLDS for number, group in enumerate(groups)}
    for fold in range(FOLDS):
        model, _ = refit([run for run in runs if at[run.group] != fold])
        yield model, [run for run in runs if at[run.group] == fold]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one run, beside what people named."""

    run: Run
    places: Sequence[int]
    agent: str | None

    @property
    def group(self) -> str:
        """What may not be split."""
        return self.run.group


def judged(run: Run, model: Choice) -> Said:
    """The product's suspects of one run."""
    made = rank(run.dossier, model)
    return Said(run, place(made, run), made.agent)


def same_agent(one: str | None, other: str) -> bool:
    """``Orchestrator (-> WebSurfer)`` is ``Orchestrator``; case is ignored."""
    return one is not None and _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return re.sub(r"\s*\(.*\)\s*$", "", name).strip().casefold()


METRICS: dict[str, Callable[[Said], bool]] = {
    "agent": lambda one: same_agent(one.agent, one.run.agents[0]),
    "step": lambda one: one.places[:1] == [one.run.steps[0]],
    "step_within_1": lambda one: bool(one.places) and abs(one.places[0] - one.run.steps[0]) <= 1,
    "step_within_3": lambda one: bool(one.places) and abs(one.places[0] - one.run.steps[0]) <= 3,
    "step_within_5": lambda one: bool(one.places) and abs(one.places[0] - one.run.steps[0]) <= 5,
    "top3_step": lambda one: one.run.steps[0] in one.places,
    "any_listed": lambda one: bool(set(one.places[:1]) & set(one.run.steps)),
}


def metrics(said: Sequence[Said]) -> dict[str, Any]:
    """Every metric with its interval over groups."""
    groups = [one.group for one in said]
    return {
        name: measured(said, groups, lambda drawn, hit=hit: sum(map(hit, drawn)) / len(drawn) if drawn else None)  # type: ignore[misc]
        for name, hit in METRICS.items()
    }


def baselines(runs: Sequence[Run]) -> dict[str, dict[str, float | None]]:
    """Random, first and second step, and the constant step and agent that fit these rows best (so: optimistic)."""
    told: dict[str, dict[str, float | None]] = {
        "random step": {
            "step": _mean(1 / len(run.places) if run.steps[0] in run.places else 0.0 for run in runs),
            "agent": _mean(
                sum(same_agent(name, run.agents[0]) for name in run.speakers) / len(run.speakers) for run in runs
            ),
        }
    }
    for name, at in (("first step", 0), ("second step", 1)):
        told[name] = {
            "step": _mean(run.places[min(at, len(run.places) - 1)] == run.steps[0] for run in runs),
            "agent": _mean(same_agent(run.speakers[min(at, len(run.speakers) - 1)], run.agents[0]) for run in runs),
        }
    best = max(range(40), key=lambda at: sum(run.steps[0] == at for run in runs))
    told[f"best constant step {best}"] = {"step": _mean(run.steps[0] == best for run in runs)}
    names = sorted({name for run in runs for name in run.speakers})
    common = max(names, key=lambda name: sum(same_agent(name, run.agents[0]) for run in runs))
    told["most frequent agent"] = {"agent": _mean(same_agent(common, run.agents[0]) for run in runs)}
    return told


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return sum(known) / len(known) if known else None
