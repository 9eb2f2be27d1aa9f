"""What an operator is: an edit that plants a rule's defect in a real trace, and the same edit made harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random
from typing import TypeAlias

from traceeval.graph import Call, Dossier, PolicyRule, ToolBook, TraceGraph, Usual, build_views
from traceeval.judge import Ask
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import Policy, ToolSpec, Trace
from traceeval.registry import Diagnosis, Plugin, Registry

CHECKED = frozenset({"generator.unsupported_claim"})
"""Rules that look at checked claims: only for them is an answer checked."""


@dataclass(frozen=True)
class Carrier:
    """A trace with the annotations of its tools: what an operator edits."""

    trace: Trace
    tools: tuple[ToolSpec, ...] = ()

    @cached_property
    def graph(self) -> TraceGraph:
        """The trace as the rules see it."""
        return TraceGraph(self.trace, ToolBook({spec.name: spec for spec in self.tools}))

    def done(self, *, changes: bool | None = None) -> list[Call]:
        """Calls that succeeded; only those that change something, or only those that do not."""
        calls = [call for call in self.graph.calls if call.executed and call.ok and isinstance(call.arguments, dict)]
        return [call for call in calls if changes is None or call.changes is changes]

    def with_tools(self, *specs: ToolSpec) -> tuple[ToolSpec, ...]:
        """The annotations with these in the place of those of the same name."""
        named = {spec.name: spec for spec in (*self.tools, *specs)}
        return tuple(named.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An edited trace, and what has to be declared for the edit to mean what it means; None: as the carrier had it."""

    trace: Trace
    tools: tuple[ToolSpec, ...] | None = None
    policy: Policy = field(default_factory=Policy)
    rules: tuple[PolicyRule, ...] = ()
    usual: Usual | None = None


Edit: TypeAlias = Callable[[Carrier, Random], Edited | None]
"""None: the trace cannot carry this defect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation(Plugin):
    """An operator, named like its rule. ``call`` plants the defect; ``twin`` is the same edit made harmless."""

    twin: Edit


def mutation(rule: str, *, twin: Edit) -> Callable[[Edit], Edit]:
    """Register the function that plants the defect of a rule; ``twin`` does the same and harms nobody."""

    def register(plant: Edit) -> Edit:
        plant.__plugin__ = Mutation(name=rule, call=plant, twin=twin)  # type: ignore[attr-defined]
        return plant

    return register


MUTATIONS = Registry("traceeval.testing.mutations", Mutation)
RULES = Registry("traceeval.diagnose", Diagnosis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of an operator: carriers and kills, twins and their false alarms, and which traces they were."""

    planted: int = 0
    killed: int = 0
    twins: int = 0
    alarms: int = 0
    survived: tuple[str, ...] = ()
    alarmed: tuple[str, ...] = ()

    @property
    def kill(self) -> float | None:
        """Share of planted defects that were found; None where nothing could be planted."""
        return self.killed / self.planted if self.planted else None

    @property
    def false_alarms(self) -> float | None:
        """Share of clean twins on which the rule fired all the same."""
        return self.alarms / self.twins if self.twins else None


def mutate(rule: str, carriers: Iterable[Carrier], *, seed: int = 0, most: int | None = None) -> Tally:
    """Run a rule's operator and its twin over carriers, at most ``most`` of those that can carry it.

    A carrier is a trace in which the rule, told the same, finds nothing (repaired defects aside); a planted defect is
    killed when the rule finds one then.

    Raises:
        UnknownPlugin: when the rule has no operator.
    """
    operator, diagnosis = MUTATIONS.get(rule), RULES.get(rule)
    found: dict[str, list[str]] = {"planted": [], "killed": [], "twins": [], "alarms": []}
    for number, carrier in enumerate(carriers):
        if most is not None and len(found["planted"]) >= most:
            break
        for edit, all_, hit in ((operator.call, "planted", "killed"), (operator.twin, "twins", "alarms")):
            edited = edit(carrier, Random(f"{seed}:{number}:{carrier.trace.id}"))
            if edited is None:
                continue
            if _defects(diagnosis, replace(edited, trace=carrier.trace), carrier):
                continue
            found[all_].append(carrier.trace.id)
            if _defects(diagnosis, edited, carrier):
                found[hit].append(carrier.trace.id)
    killed = set(found["killed"])
    return Tally(
        planted=len(found["planted"]),
        killed=len(found["killed"]),
        twins=len(found["twins"]),
        alarms=len(found["alarms"]),
        survived=tuple(id_ for id_ in found["planted"] if id_ not in killed),
        alarmed=tuple(found["alarms"]),
    )


def _defects(diagnosis: Diagnosis, edited: Edited, carrier: Carrier) -> int:
    tools = carrier.tools if edited.tools is None else edited.tools
    dossier = whole_dossier(edited.trace, tools, checked=diagnosis.name in CHECKED)
    dossier = replace(dossier, policy=edited.policy, rules=edited.rules, usual=edited.usual)
    return sum(finding.state == "defect" and not finding.repaired for finding in diagnosis.call(dossier))


def whole_dossier(trace: Trace, tools: Iterable[ToolSpec] = (), *, checked: bool = True) -> Dossier:
    """A trace with its views, as diagnoses see it; with its checked answer unless told not to."""
    graph = TraceGraph(trace, ToolBook({spec.name: spec for spec in tools}))
    views = build_views(graph)
    dossier = Dossier(
        graph=graph, scores={}, answer=views.answer, stages=views.stages, retrieval=views.retrieval, calls=views.calls
    )
    view = views.answer
    if not checked or view is None or view.answer is None or view.passages is None:
        return dossier
    return replace(
        dossier, checked=LexicalChecker().check(Ask.supports(view.answer, view.passages, view.question, view.system))
    )


def catalogue() -> Iterator[Diagnosis]:
    """Rules that have to have an operator: those of the catalogue of soundness, and the instruction that was obeyed."""
    return (rule for rule in RULES.all() if rule.id is not None or rule.name == "guard.obeyed_instruction")


def missing_operators() -> Mapping[str, str]:
    """Rule -> the file that should hold its operator, for every rule that has none."""
    have = set(MUTATIONS.names())
    return {
        rule.name: f"src/traceeval/testing/mutations/{rule.name.replace('.', '/')}.py"
        for rule in catalogue()
        if rule.name not in have
    }
