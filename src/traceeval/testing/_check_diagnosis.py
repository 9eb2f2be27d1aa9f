"""The contract of every finding and risk rule."""

from __future__ import annotations

from collections.abc import Iterable

from traceeval.graph import Dossier
from traceeval.model import Evidence, Trace
from traceeval.registry import Diagnosis, Registry, RiskRule
from traceeval.testing._check_scorer import samples
from traceeval.testing._mutation import MUTATIONS, Carrier, Tally, catalogue, missing_operators, mutate, whole_dossier

KILL, FALSE_ALARMS, CARRIERS = 0.95, 0.02, 30


def check_diagnosis(code: str, *, carriers: Iterable[Carrier] = (), operator: bool | None = None) -> Tally | None:
    """Run a rule over whole, empty and damaged traces, twice; then its mutation operator over carriers, if there are any.

    ``operator``: whether the rule has to have one; None: rules of the catalogue have to. Of thirty carriers and more
    at least 95 % of the planted defects have to be found, and at most 2 % of the clean twins may be.

    Raises:
        AssertionError: another code, a severity outside 1..5, evidence that names no span, or two different answers; no
            operator, a planted defect that goes unnoticed, a clean twin that does not.
    """
    rule = Registry("traceeval.diagnose", Diagnosis).get(code)
    needed = code in {one.name for one in catalogue()} if operator is None else operator
    if needed and code not in MUTATIONS.names():
        raise AssertionError(f"{code}: no operator and no twin; write {missing_operators().get(code, 'one')}")
    for sample in samples():
        found = [tuple(rule.call(dossier_of(sample))) for _ in range(2)]
        if found[0] != found[1]:
            raise AssertionError(f"{code}: two answers for one trace")
        for finding in found[0]:
            if finding.code != code or finding.severity not in range(1, 6):
                raise AssertionError(f"{code}: {finding}")
            _check_evidence(code, finding.evidence, sample)
    return _check_mutations(code, carriers) if code in MUTATIONS.names() else None


def _check_mutations(code: str, carriers: Iterable[Carrier]) -> Tally:
    tally = mutate(code, carriers)
    if tally.planted >= CARRIERS and (tally.kill or 0.0) < KILL:
        raise AssertionError(
            f"{code}: {tally.killed} of {tally.planted} planted defects were found; unnoticed: {', '.join(tally.survived[:5])}"
        )
    if tally.twins >= CARRIERS and (tally.false_alarms or 0.0) > FALSE_ALARMS:
        raise AssertionError(
            f"{code}: {tally.alarms} of {tally.twins} clean twins are called defects: {', '.join(tally.alarmed[:5])}"
        )
    return tally


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
    return whole_dossier(trace)


def _check_evidence(name: str, evidence: tuple[Evidence, ...], trace: Trace) -> None:
    spans = {span.id for span in trace.spans}
    for one in evidence:
        if one.span not in spans:
            raise AssertionError(f"{name}: evidence names span {one.span!r}, which the trace does not have")
