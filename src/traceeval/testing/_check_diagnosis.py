"""The contract of every finding and risk rule."""

from __future__ import annotations

from dataclasses import replace

from traceeval.graph import Dossier, TraceGraph, build_views
from traceeval.judge import Ask
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import Evidence, Trace
from traceeval.registry import Diagnosis, Registry, RiskRule
from traceeval.testing._check_scorer import samples


def check_diagnosis(code: str) -> None:
    """Run a rule over whole, empty and damaged traces, twice.

    Raises:
        AssertionError: another code, a severity outside 1..5, evidence that names no span, or two different answers.
    """
    rule = Registry("traceeval.diagnose", Diagnosis).get(code)
    for sample in samples():
        found = [tuple(rule.call(dossier_of(sample))) for _ in range(2)]
        if found[0] != found[1]:
            raise AssertionError(f"{code}: two answers for one trace")
        for finding in found[0]:
            if finding.code != code or finding.severity not in range(1, 6):
                raise AssertionError(f"{code}: {finding}")
            _check_evidence(code, finding.evidence, sample)


def check_rule(name: str) -> None:
    """Run a risk rule over the same traces.

    Raises:
        AssertionError: another name, a negative weight, or evidence that names no span.
    """
    rule = Registry("traceeval.risk", RiskRule).get(name)
    for sample in samples():
        reason = rule.call(dossier_of(sample))
        if reason is None:
            continue
        if reason.rule != name or reason.weight < 0 or not reason.text:
            raise AssertionError(f"{name}: {reason}")
        _check_evidence(name, reason.evidence, sample)


def dossier_of(trace: Trace) -> Dossier:
    """A trace with its views and its checked answer, as diagnoses see it; without scores and findings."""
    graph = TraceGraph(trace)
    views = build_views(graph)
    dossier = Dossier(
        graph=graph, scores={}, answer=views.answer, stages=views.stages, retrieval=views.retrieval, calls=views.calls
    )
    view = views.answer
    if view is None or view.answer is None or view.passages is None:
        return dossier
    return replace(
        dossier, checked=LexicalChecker().check(Ask.supports(view.answer, view.passages, view.question, view.system))
    )


def _check_evidence(name: str, evidence: tuple[Evidence, ...], trace: Trace) -> None:
    spans = {span.id for span in trace.spans}
    for one in evidence:
        if one.span not in spans:
            raise AssertionError(f"{name}: evidence names span {one.span!r}, which the trace does not have")
