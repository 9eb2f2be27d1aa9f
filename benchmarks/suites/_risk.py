"""Risk on labelled runs: traces through the product, levels and reasons out, weights as shipped or refitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from traceeval.model import RiskReason, Trace
from traceeval.risk import load_policy
from traceeval.run._examine import Examined, examine
from traceeval.run._setup import Kit, Setup

ABOUT_ACTIONS = frozenset({"guard", "planner", "tool"})
SERIOUS = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """What the product said of one run.

    ``level``: its risk by what the agent did; ``whole``: by its answer too; ``weights``: rule -> log-odds it added;
    ``named``: calls that ``NAMING`` rules point at; ``serious``: codes of severity 4 and more about actions;
    ``severe``: of anything.
    """

    id: str
    group: str
    label: bool
    level: float
    whole: float
    weights: Mapping[str, float]
    named: frozenset[str]
    serious: tuple[str, ...]
    severe: tuple[str, ...]
    row: Mapping[str, Any]


NAMING = frozenset({"instruction_flow", "unlicensed_action"})


def kit() -> Kit:
    """Every rule with the shipped policy, and the checker that needs nothing."""
    return Setup(policy=load_policy(), scorers=("tool.valid",)).load()


def judged(trace: Trace, kit: Kit, row: Mapping[str, Any], group: str) -> Judged:
    """One run examined as ``evaluate`` does.

    Raises:
        RuntimeError: a rule raised; a figure measured without it would be another rule's.
    """
    found = examine(trace, kit)
    if found.failures:
        raise RuntimeError(f"{row['id']}: {'; '.join(found.failures)}")
    return Judged(
        id=str(row["id"]),
        group=group,
        label=bool(row["label"]),
        level=found.risk.harm or 0.0,
        whole=found.risk.level,
        weights={one.rule: done for one in found.risk.reasons if (done := _acted(one)) > 0},
        named=frozenset(
            one.span
            for reason in found.risk.reasons
            if reason.rule in NAMING
            for one in reason.evidence
            if one.field == "call"
        ),
        serious=tuple(_serious(found, about_actions=True)),
        severe=tuple(_serious(found, about_actions=False)),
        row=row,
    )


def _acted(one: RiskReason) -> float:
    """Log-odds a reason adds about what the agent did."""
    return one.weight if one.harm is None else one.harm


def _serious(found: Examined, *, about_actions: bool) -> list[str]:
    findings = [
        finding.code
        for finding in found.dossier.findings
        if finding.state == "defect"
        and finding.subsumed_by is None
        and finding.severity >= SERIOUS
        and (finding.component.value in ABOUT_ACTIONS or not about_actions)
    ]
    floors = [one.rule for one in found.risk.reasons if one.floor >= SERIOUS and one.rule != "defects"]
    return findings + floors


def share(rows: Sequence[bool]) -> float | None:
    """Share of true ones; None of none."""
    return sum(rows) / len(rows) if rows else None
