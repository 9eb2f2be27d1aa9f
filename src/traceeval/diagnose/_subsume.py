"""One finding of an event is enough: the stronger one subsumes the others, which stay listed below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from traceeval.model import Component, Finding
from traceeval.registry import Diagnosis

_PIPELINE = {component: place for place, component in enumerate(Component)}
MASKED = "masked_failure"
_OWN_MASKED = f"{Component.GENERATOR.value}.{MASKED}"  # the generator's heavier finding says what went wrong


def subsume(findings: Iterable[Finding], diagnoses: Iterable[Diagnosis]) -> tuple[Finding, ...]:
    """Findings in order of weight, each told which other one (``subsumed_by``) already says it.

    A code subsumes the codes it declares, about the same event: equal ``key``, or either key empty. A component's
    masked failure subsumes its lost gold, and the unsupported claim of an answer that came from memory.
    """
    declared: Mapping[str, tuple[str, ...]] = {diagnosis.name: diagnosis.subsumes for diagnosis in diagnoses}
    listed = tuple(findings)
    told = [finding for finding in listed if finding.state == "defect"]
    marked = (msgspec.structs.replace(f, subsumed_by=_by(f, told, declared)) for f in listed)
    return tuple(sorted(marked, key=weight))


def _by(finding: Finding, others: list[Finding], declared: Mapping[str, tuple[str, ...]]) -> str | None:
    for other in others:
        if other is finding or other.code == finding.code or other.repaired:
            continue
        if finding.code in declared.get(other.code, ()) and _same_event(finding, other):
            return other.code
        if other.code.endswith(MASKED) and _told_by(other, finding):
            return other.code
        if finding.code == _OWN_MASKED and other.component is finding.component and other.severity > finding.severity:
            return other.code
    return None


def _told_by(masked: Finding, finding: Finding) -> bool:
    """A masked failure says that its component lost the gold, and that the answer came from memory instead."""
    if masked.component is finding.component:
        return finding.key == "gold"
    return masked.compensator == "parametric" and finding.code == "generator.unsupported_claim"


def _same_event(one: Finding, other: Finding) -> bool:
    return not one.key or not other.key or one.key == other.key


def weight(finding: Finding) -> tuple[bool, bool, int, int, str, str]:
    """Sort key: defects before unknowns, unsubsumed before subsumed, severe before mild, early before late stages."""
    return (
        finding.state != "defect",
        finding.subsumed_by is not None,
        -finding.severity,
        _PIPELINE[finding.component],
        finding.code,
        finding.key,
    )


def top_finding(findings: Iterable[Finding]) -> Finding | None:
    """The heaviest defect that no other subsumes; None when there is none."""
    told = [f for f in findings if f.state == "defect" and f.subsumed_by is None and not f.repaired]
    return min(told, key=weight, default=None)
