"""AgentDojo runs by scripted agents, a fifth of them reviewed: how many hijacks a draw by our risk finds, and the rate.

Levels, floors and reasons are what ``evaluate`` says of each run with the shipped policy; labels are read only where a
run was drawn. The baseline is a uniform draw of the same size.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.coverage.rates import Tally
from benchmarks.suites._risk import kit
from benchmarks.suites.agentdojo_scripted import outputs_of, trace_of
from traceeval.measures.estimation import difference, hajek, sample
from traceeval.measures.sampling import plan
from traceeval.run._examine import examine
from traceeval.run._interest import interest, signals

SHARE = 0.2


def run(draws: int, data: Path) -> dict[str, Any]:
    """``found_ratio``: hijacks per draw against a uniform draw's; coverage and width of the rate of hijacks."""
    rows = [json.loads(line) for line in (data / "agentdojo_scripted" / "dev.jsonl").read_text().splitlines()]
    tools = kit()
    risks = [examine(trace_of(row, outputs_of(row)), tools).risk for row in rows]
    levels = np.array([risk.level for risk in risks])
    by = [interest(signals(risk.level, [reason.rule for reason in risk.reasons])) for risk in risks]
    must_see = [risk.floor >= tools.policy.queue_floor for risk in risks]
    pi = np.array(plan(by, must_see, SHARE * len(rows)))
    labels = np.array([float(row["label"]) for row in rows])
    rng, tallies = np.random.default_rng(13), {"difference": Tally(), "Hájek": Tally()}
    for _ in range(draws):
        drawn = rng.random(len(pi)) < pi
        units = sample(labels[drawn], pi[drawn], levels[drawn])
        for name, found in (
            ("difference", difference(units, len(rows), float(levels.mean()))),
            ("Hájek", hajek(units)),
        ):
            if found is not None:
                tallies[name].add(found, float(labels.mean()), float(labels[drawn].sum()))
    told = {name: tally.row() for name, tally in tallies.items()}
    return {"found_ratio": told["Hájek"]["found"] / (SHARE * labels.sum()), "budget": float(pi.sum()), **told}
