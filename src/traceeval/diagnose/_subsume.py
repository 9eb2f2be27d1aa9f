"""One finding of an event is enough: the stronger one subsumes the others, which stay listed below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from traceeval.model import Component, Finding
from traceeval.registry import Diagnosis

_PIPELINE = {component: place for place, component in enumerate(Component)}
MASKED = "masked_failure"
_ANY = "*"
_GOLD = "gold"
_OWN_MASKED = f"{Component.GENERATOR.value}.{MASKED}"  # the generator's finding that weighs as much says what it did


def weaker_than(diagnoses: Iterable[Diagnosis]) -> Mapping[str, tuple[str, ...]]:
    """Code -> the codes that it declares to subsume; only those that declare any."""
    return {diagnosis.name: diagnosis.subsumes for diagnosis in diagnoses if diagnosis.subsumes}


def subsume(findings: Iterable[Finding], weaker: Mapping[str, tuple[str, ...]]) -> tuple[Finding, ...]:
    """Findings in order of weight, each told which other one (``subsumed_by``) already says it.

    A code subsumes the codes it declares (``weaker``), about the same event: equal ``key``, or either key empty. A
    component's masked failure subsumes its lost gold, and the unsupported claim of an answer that came from memory.
    """
    listed = tuple(findings)
    told = [finding for finding in listed if finding.state == "defect" and not finding.repaired]
    strong = _Strong(told, weaker)
    marked = [
        f if (over := strong.over(f)) == f.subsumed_by else msgspec.structs.replace(f, subsumed_by=over) for f in listed
    ]
    return tuple(sorted(marked, key=weight))


class _Strong:
    """The findings that may subsume another, by the code they subsume and the event they are about."""

    def __init__(self, told: list[Finding], declared: Mapping[str, tuple[str, ...]]) -> None:
        self._places: dict[tuple[str, str], tuple[int, str]] = {}
        self._masked = [(at, finding) for at, finding in enumerate(told) if finding.code.endswith(MASKED)]
        self._own = [
            (at, one)
            for at, one in enumerate(told)
            if one.component is Component.GENERATOR and one.code != _OWN_MASKED and one.key != _GOLD
        ]
        for at, finding in enumerate(told):
            for weaker in declared.get(finding.code, ()):
                if weaker != finding.code:
                    self._places.setdefault((weaker, finding.key), (at, finding.code))
                    self._places.setdefault((weaker, _ANY), (at, finding.code))

    def over(self, finding: Finding) -> str | None:
        """The code of the first finding that already says this one: of the same event, or where either names none."""
        keys = (finding.key, "") if finding.key else (_ANY,)
        found = [place for key in keys if (place := self._places.get((finding.code, key)))]
        found += [
            (at, other.code) for at, other in self._masked if other.code != finding.code and _told_by(other, finding)
        ]
        if finding.code == _OWN_MASKED:
            found += [(at, other.code) for at, other in self._own if other.severity >= finding.severity]
        return min(found)[1] if found else None


def _told_by(masked: Finding, finding: Finding) -> bool:
    """A masked failure says that its component lost the gold, and that the answer came from memory instead."""
    if masked.component is finding.component:
        return finding.key == _GOLD
    return masked.compensator == "parametric" and finding.code == "generator.unsupported_claim"


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
