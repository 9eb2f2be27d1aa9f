"""The suites that ship, and short ways to replay them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from traceeval.engines import Engine, Serial
from traceeval.replay import Suite, load_suite
from traceeval.run import ReplayOrder, replay

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
SHIPPED = ("files", "payments", "support_desk")
AGENT = "examples.support_desk.agent:agent"
OBEDIENT = "examples.support_desk.obedient:agent"


@cache
def shipped(name: str) -> Suite:
    return load_suite(SCENARIOS / name)


def outcomes(
    name: str,
    agent: str,
    folder: Path,
    *,
    only: str | None = None,
    n: int = 1,
    engine: Engine | None = None,
) -> list[dict]:
    """The agent's outcomes, in the order of the plan."""
    replay(
        ReplayOrder(
            suite=shipped(name), agent=agent, folder=folder, n=n, only=only, baselines=(), engine=engine or Serial()
        )
    )
    rows = map(json.loads, (folder / "outcomes.jsonl").read_text(encoding="utf-8").splitlines())
    return [row["outcome"] for row in rows]


def as_written(rows: list[dict]) -> list[dict]:
    """Those of cells that vary nothing."""
    return [row for row in rows if row["cell"].keys() == {"scenario"}]
