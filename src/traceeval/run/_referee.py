"""Policy rules of a suite over what an agent did, in a process of their own inside the sandbox.

Rules are code of the suite's owner that reads an attacker's words. They share no process with the agent, which could
bend them, nor with what judges it, which they could bend; each trial is looked at by a fork that knows no other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

import msgspec

from traceeval.graph import Dossier, PolicyRule, ToolBook, TraceGraph, load_rules
from traceeval.model import Finding, Ruling, ToolSpec, Trace
from traceeval.replay import Suite
from traceeval.replay._child import Emit
from traceeval.replay.sandbox import Limits, NurseryGone, Ran, Sandbox, Walls
from traceeval.run._setup import DIAGNOSES, POLICY

Files = tuple[str, ...]
LIMITS = Limits(wall_s=30.0, memory_mb=1024, output_bytes=4_000_000)


class _Said(msgspec.Struct):
    findings: tuple[Finding, ...]
    failed: tuple[str, ...]


@dataclass
class Referee:
    """The rules of a suite's scenarios. ``walls``: those of the trials; rules never need what an agent may have to reach.

    Raises:
        ConfigError: a file of rules cannot be loaded, or the sandbox cannot be had.
    """

    suite: Suite
    walls: Walls
    box: Sandbox = field(init=False)

    def __post_init__(self) -> None:
        """Open the sandbox and load every file of rules in it."""
        rules = _Rules(self.suite)
        self.box = Sandbox(rules.load, partial(_perform, rules), replace(self.walls, hosts=(), live=False, env=()))

    def judge(self, trace: Trace, files: Files) -> Ruling:
        """What these rules say of a trace. A rule that raises, hangs or dies says nothing, and that is said."""
        try:
            ran = self.box.run(msgspec.json.encode((trace, files)), LIMITS)
        except NurseryGone as error:
            ran = Ran(frames=[], ended="died", why=str(error), broken=True)
        if ran.ended != "done" or not ran.frames:
            return Ruling(sandbox=self.box.level, failed=(f"the process of the rules {ran.why}",))
        said = msgspec.json.decode(ran.frames[-1], type=_Said)
        return Ruling(sandbox=self.box.level, findings=said.findings, failed=said.failed)


class _Rules:
    """Rules by the files they stand in; loaded in the sandbox only."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._loaded: dict[Files, tuple[PolicyRule, ...]] = {}
        self.tools: dict[str, ToolSpec] = {spec.name: spec for spec in suite.tools}

    def load(self) -> None:
        """Import every file of rules, and what says how a breach is told."""
        DIAGNOSES.get(POLICY)
        for scenario in self._suite.scenarios:
            self.of(scenario.assertions.policy or ())

    def of(self, files: Files) -> tuple[PolicyRule, ...]:
        """The rules of these files."""
        known = self._loaded.get(files)
        if known is None:
            known = self._loaded[files] = load_rules(self._suite.path(name) for name in files)
        return known


def _perform(rules: _Rules, payload: bytes, emit: Emit) -> None:
    """In the fork: ask each rule; one that raises costs its own word, never the others'."""
    trace, files = msgspec.json.decode(payload, type=tuple[Trace, Files])
    dossier = Dossier(graph=TraceGraph(trace, ToolBook(rules.tools)), scores={})
    diagnosis = DIAGNOSES.get(POLICY)
    findings: list[Finding] = []
    failed: list[str] = []
    for rule in rules.of(files):
        try:
            findings += tuple(diagnosis.call(replace(dossier, rules=(rule,))))
        except Exception as error:  # a rule is a plug-in: what it raises is its own failure, and is told
            failed.append(f"{rule.id}: {type(error).__name__}: {error}")
    emit(msgspec.json.encode(_Said(tuple(findings), tuple(failed))))
