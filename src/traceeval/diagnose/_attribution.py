"""Where a failed run went wrong: at most three steps with reasons, or an abstention (trajectories.md section 9).

Three ways, the first that speaks fills the list first: for runs that change the world, the changing calls, since only
effects decide such an outcome: those that failed, then those a finding of weight is about, then the latest, which nothing
after them could mend; findings of weight on other steps (deterministic, with evidence); and a ranker fitted on annotated
failures of agents in conversation. Nothing here reads the right answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from traceeval.diagnose._masked import outcome_state
from traceeval.diagnose._step_features import chain, features
from traceeval.diagnose._steps import Step, steps_of
from traceeval.graph import Call, Dossier
from traceeval.measures.choice import Choice
from traceeval.model import Attribution, Evidence, Finding, StepSuspect, Value, text_of

MOST = 3
WEIGHTY = 4
_QUOTE = 200
_RULES = {
    "error": "error: the first step after which the environment reported an error",
    "assumption": "assumption: the first step that goes on with something it had not seen",
    "origin": "origin: the first step that holds most of what the final answer says",
}


class Ranker(Value, frozen=True):
    """The shipped weights and what they were fitted on: data set, rows, their sha256, ridge."""

    data: str
    rows: int
    rows_sha256: str
    ridge: float
    mean: dict[str, float]
    scale: dict[str, float]
    weights: dict[str, float]

    @property
    def choice(self) -> Choice:
        """The ranker itself."""
        return Choice(self.mean, self.scale, self.weights)


@cache
def ranker() -> Ranker:
    """The ranker of the package."""
    data = (files("traceeval.diagnose") / "data" / "attribution.json").read_bytes()
    return msgspec.json.decode(data, type=Ranker)


def attribute(dossier: Dossier, model: Choice | None = None, *, failed: bool = False) -> Attribution | None:
    """Suspects of one trace; None where nothing failed. ``model`` None: the shipped ranker.

    ``failed``: it is known to have failed, whatever the trace itself says.
    """
    weighty = [f for f in dossier.findings if f.state == "defect" and f.severity >= WEIGHTY and f.subsumed_by is None]
    outcome = outcome_state(dossier)
    if not failed and (outcome == "passed" or (outcome == "unknown" and not weighty)):
        return None
    return rank(dossier, model or ranker().choice, weighty)


def rank(dossier: Dossier, model: Choice, weighty: Sequence[Finding] = ()) -> Attribution:
    """Suspects of a trace that is known to have failed."""
    steps = steps_of(dossier.graph)
    if len(steps) < 2:
        return Attribution(trace=dossier.trace.id, abstained="one_step: there is nothing to choose from")
    question, answer = text_of(dossier.trace.question) or "", text_of(dossier.trace.answer) or ""
    rules = chain(steps, question, answer)
    rows = features(steps, question, answer, rules)
    shares = dict(zip((s.span.id for s in steps), model.shares(rows), strict=True))
    order = [*_of_effects(dossier, steps, weighty), *_of_findings(dossier, steps, weighty)]
    order += [(step, "") for step in sorted(steps, key=lambda step: -shares[step.span.id])]
    hits = defaultdict(list)
    for name, at in rules.items():
        if at is not None:
            hits[steps[at].span.id].append(_RULES[name])
    agent, share = _likeliest_agent(steps, shares)
    return Attribution(
        trace=dossier.trace.id,
        suspects=tuple(_suspects(dossier, order, shares, hits)),
        agent=agent,
        agent_share=share,
    )


def _suspects(
    dossier: Dossier, order: Sequence[tuple[Step, str]], shares: dict[str, float], hits: dict[str, list[str]]
) -> Iterator[StepSuspect]:
    why: dict[str, list[str]] = defaultdict(list)
    chosen: dict[str, Step] = {}
    for step, reason in order:
        if step.span.id in chosen or len(chosen) < MOST:
            chosen[step.span.id] = step
            why[step.span.id] += [reason] if reason else []
    for id_, step in chosen.items():
        reasons = (*why[id_], *hits.get(id_, ()), f"ranker: {shares[id_]:.0%} of the steps' share")
        codes = dict.fromkeys(f.code for f in dossier.findings if f.subject.span == id_ and f.state == "defect")
        yield StepSuspect(
            span=id_,
            step=step.number,
            agent=step.span.agent,
            share=shares[id_],
            reasons=tuple(dict.fromkeys(reasons)),
            evidence=(Evidence(span=id_, field="output", quote=step.said[:_QUOTE]),),
            findings=tuple(codes),
        )


def _of_findings(dossier: Dossier, steps: Sequence[Step], weighty: Sequence[Finding]) -> Iterator[tuple[Step, str]]:
    """Steps that findings of weight are about, the worst first, then the earliest."""
    at = {step.span.id: step for step in steps}
    at |= {call.span: at[call.batch] for call in dossier.graph.calls if call.batch in at and call.span not in at}
    named = [(finding, at[finding.subject.span]) for finding in weighty if finding.subject.span in at]
    for finding, step in sorted(named, key=lambda row: (-row[0].severity, row[1].number)):
        yield step, f"finding: {finding.code}: {finding.text}"


def _of_effects(dossier: Dossier, steps: Sequence[Step], weighty: Sequence[Finding]) -> Iterator[tuple[Step, str]]:
    """Steps that changed the world: failed changes, then those with a finding, the worst first, then the latest."""
    by_span = {step.span.id: step for step in steps}
    worst: dict[str | None, int] = {}
    for finding in weighty:
        worst[finding.subject.span] = max(finding.severity, worst.get(finding.subject.span, 0))
    changes = [call for call in dossier.graph.calls if call.executed and call.changes and call.batch in by_span]
    for call in sorted(changes, key=lambda call: (call.ok is not False, -worst.get(call.span, 0), -call.at)):
        yield by_span[call.batch or ""], _effect(call)


def _effect(call: Call) -> str:
    state = "failed" if call.ok is False else "took effect"
    return f"effect: {call.name} {state}, and the outcome is made of effects"


def _likeliest_agent(steps: Sequence[Step], shares: dict[str, float]) -> tuple[str | None, float | None]:
    """The agent with the largest share over all its steps; None where the trace names no agent."""
    sums: dict[str, float] = defaultdict(float)
    for step in steps:
        if step.span.agent:
            sums[step.span.agent] += shares[step.span.id]
    if not sums:
        return None, None
    best = max(sorted(sums), key=lambda agent: sums[agent])
    return best, sums[best]
