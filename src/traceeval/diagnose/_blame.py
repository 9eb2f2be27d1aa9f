"""Who is to blame, in shares: by the severity of what no other finding subsumes."""

from __future__ import annotations

from collections import defaultdict

from traceeval.diagnose._masked import outcome_state
from traceeval.graph import Dossier
from traceeval.model import Blame, Component, Finding

_STAGES = {
    Component.RETRIEVER: "retriever.loss",
    Component.RERANKER: "reranker.loss",
    Component.ASSEMBLER: "assembler.loss",
}


def blame(dossier: Dossier) -> tuple[Blame, ...]:
    """Shares that sum to 1, or nothing when there is nothing to blame.

    Proportional to the severity weights of unsubsumed defects of severity 2 or more. What falls to retrieval stages
    together is split among those of them that have a finding by their terms of the loss waterfall.
    """
    guilty: dict[Component, list[Finding]] = defaultdict(list)
    for finding in dossier.findings:
        if finding.state == "defect" and finding.subsumed_by is None and not finding.repaired and finding.severity >= 2:
            guilty[finding.component].append(finding)
    if not guilty:
        return ()
    weights = {c: sum(_weight(f, dossier) for f in found) for c, found in guilty.items()}
    weights = _split(weights, dossier)
    total = sum(weights.values())
    masked = outcome_state(dossier) == "passed"
    return tuple(
        Blame(
            trace=dossier.trace.id,
            component=c,
            share=w / total,
            masked=masked,
            findings=tuple(dict.fromkeys(f.code for f in guilty[c])),
        )
        for c, w in sorted(weights.items(), key=lambda item: (-item[1], item[0].value))
        if w > 0
    )


def _weight(finding: Finding, dossier: Dossier) -> float:
    return dossier.policy.severity_weights.get(str(finding.severity), float(finding.severity))


def _split(weights: dict[Component, float], dossier: Dossier) -> dict[Component, float]:
    """Give each retrieval stage its part of their common weight by its loss, where the losses are known."""
    stages = [component for component in _STAGES if component in weights]
    losses = {component: max(dossier.value(_STAGES[component]) or 0.0, 0.0) for component in stages}
    if len(stages) < 2 or not sum(losses.values()):
        return weights
    common = sum(weights[component] for component in stages)
    shares = {component: common * losses[component] / sum(losses.values()) for component in stages}
    return {**weights, **shares}
