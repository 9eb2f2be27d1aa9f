"""Short ways to replay something in a test: the shop's suite with changes, one trial, or all of them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from traceeval.errors import ConfigError
from traceeval.model import Cell
from traceeval.replay import Planned, Suite, load_suite
from traceeval.replay._child import Ran
from traceeval.replay._play import perform
from traceeval.replay.agents import open_agent
from traceeval.replay.sandbox import Sandbox, Walls
from traceeval.replay.trial import Stage, assemble
from traceeval.run._trials import Judged, Troupe, pack

SHOP = Path(__file__).parent / "shop"


def shop(folder: Path, **changes: Any) -> Suite:
    """The shop's suite in a folder of its own, with top-level keys of its one scenario replaced."""
    suite = folder / "shop"
    if not suite.exists():
        shutil.copytree(SHOP, suite, ignore=shutil.ignore_patterns("__pycache__"))
    scenario = {**yaml.safe_load((SHOP / "cancel.yaml").read_text()), **changes}
    (suite / "cancel.yaml").write_text(json.dumps(scenario), encoding="utf-8")
    return load_suite(suite)


def trial(
    suite: Suite,
    agent: str | Callable[..., object],
    *,
    cell: Cell | None = None,
    seed: int = 1,
    walls: Walls | None = None,
) -> Judged:
    """One trial, judged."""
    work = Troupe(suite=suite, agent=agent, walls=walls or Walls())()
    try:
        planned = Planned(cell or Cell(scenario=suite.scenarios[0].id), seed)
        return msgspec.json.decode(work(pack(planned)), type=Judged)
    finally:
        work.close()


class Here:
    """Trials in this very process, judged: for agents of our own, where a sandbox would only cost time."""

    def __init__(self, suite: Suite, agent: str | Callable[..., object]) -> None:
        self._work = Troupe(suite=suite, agent=agent)()
        self._stage = Stage(suite=suite, agent=open_agent(agent))
        self.trials = 0

    def __call__(self, planned: Planned) -> Judged:
        self.trials += 1
        frames: list[bytes] = []
        perform(self._stage, msgspec.msgpack.encode(planned), frames.append)
        made = assemble(self._stage, planned, Ran(frames=frames, ended="done"), "none")
        return self._work.judged(made, planned, self._stage)


def need_netns() -> None:
    """Leave a test out where the kernel grants no network namespace."""
    try:
        Sandbox(lambda: None, lambda payload, emit: None, Walls(wanted="netns")).close()
    except ConfigError as error:
        pytest.skip(f"no network namespaces: {error}")


def cell(**axes: str) -> Cell:
    """A cell of the shop's scenario."""
    return Cell(scenario="shop/cancel", **axes)


def said(judged: Judged) -> list[str]:
    """Kinds and names of the spans below the root, with what was said or brought back."""
    return [f"{span.kind.value} {span.name}" for span in judged.trial.trace.spans[1:]]


def texts(judged: Judged, tool: str) -> list[str]:
    """What each call of a tool brought back, or its error."""
    made = [span for span in judged.trial.trace.spans if span.kind == "tool" and span.name == tool]
    return [span.error.message if span.error is not None else span.body.result for span in made]


def ended_whenever(content):
    """The bytes of a replay's file without the moment at which it ended, which no repetition shares."""
    return re.sub(rb'"created":\s*"[^"]*"', b'"created": ""', content)
