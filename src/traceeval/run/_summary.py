"""Totals of a run as the Summary every report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from traceeval.model import (
    Aggregate,
    Attributed,
    Component,
    ComponentRow,
    GoldAdvice,
    QueueRow,
    Slices,
    Summary,
    Waterfall,
)
from traceeval.run._setup import Kit
from traceeval.run._source import Intake
from traceeval.run._totals import Totals

SCHEMA = "traceeval.summary/1"
_LABELS = 96  # labels for a 95 % interval of ±10 points at worst: 0.25 * (1.96 / 0.1) ** 2
_GOLD = {
    "documents": ("reference.documents", "graded documents (`documents: {id: grade}`)"),
    "answer": ("reference.answer", "a right answer (`answer`) or its facts (`claims`)"),
    "calls": ("reference.calls", "the expected tool calls (`calls`; an empty list says: none)"),
}


def summarise(
    totals: Totals, intake: Intake, kit: Kit, queue: QueueRow | None, slices: Slices | None = None
) -> Summary:
    """Everything a report says about one run."""
    aggregates = {
        runner.name: totals.tallies[runner.name].aggregate(
            runner.name, better=runner.scorer.better, unit=runner.scorer.unit
        )
        for runner in kit.scorers
        if runner.name in totals.tallies
    }
    diagnostics = dict(intake.diagnostics)
    return Summary(
        schema_version=SCHEMA,
        version=version("traceeval"),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        traces=totals.traces,
        spans=totals.spans,
        folded=intake.folded,
        revised=intake.revised,
        inputs=intake.files(),
        diagnostics=diagnostics,
        examples=tuple(intake.examples),
        components=_components(totals, aggregates, kit),
        aggregates=tuple(aggregates.values()),
        waterfall=_waterfall(totals, aggregates),
        masked=totals.table.rows(),
        fragility=totals.table.fragility(),
        outcome=totals.table.outcome(),
        findings=totals.finding_rows(),
        gold=_advice(totals, kit),
        checker=_checker(totals, kit),
        tools=_tools(totals),
        imported=dict(intake.imported),
        queue=queue,
        fallback=totals.answering.fallback(),
        positions=totals.answering.positions(),
        replays=totals.answering.replays(),
        suspects=totals.suspects.total(),
        attributed=_attributed(totals),
        risk_levels=dict(sorted(totals.levels.items())),
        failures=dict(totals.failures),
        unused_gold=intake.gold.unused()[:20],
        slices=slices,
    )


def _components(totals: Totals, aggregates: Mapping[str, Aggregate], kit: Kit) -> tuple[ComponentRow, ...]:
    rows = []
    parts = {runner.name: runner.scorer.component for runner in kit.scorers}
    for component in Component:
        usage = totals.usage.get(component)
        passed, failed, unknown = totals.table.states(component)
        cost, why = usage.money if usage else (None, "not recorded")
        told = usage is not None and (usage.priced or usage.unpriced)
        rows.append(
            ComponentRow(
                component=component,
                scores=tuple(a for name, a in aggregates.items() if parts[name] == component),
                passed=passed,
                failed=failed,
                unknown=unknown,
                blame=round(float(totals.blame[component]), 6),
                masked=totals.masked[component],
                spans=usage.spans if usage else 0,
                tokens_in=usage.tokens_in if usage and told else None,
                tokens_out=usage.tokens_out if usage and told else None,
                cost=cost,
                cost_why=why,
                latency_p50=usage.percentile(0.5) if usage else None,
                latency_p95=usage.percentile(0.95) if usage else None,
                latency_n=sum(usage.latency.values()) if usage else 0,
            )
        )
    return tuple(rows)


def _waterfall(totals: Totals, aggregates: Mapping[str, Aggregate]) -> Waterfall | None:
    """The mean of each term over the traces in which all of them are scored, so that they add up to the total."""
    if not totals.losses.n:
        return None
    means = totals.losses.means()
    assembly = aggregates.get("assembler.loss")
    return Waterfall(
        k=10,
        n=totals.losses.n,
        total=sum(means),
        retrieval=means[0],
        rerank=means[1],
        assembly=means[2],
        middle="rerank" if totals.losses.reranked else "ranking",
        n_assembly_failed=assembly.counts.get("failed", 0) if assembly else 0,
        parts=totals.losses.mean_parts(),
        searches=totals.losses.mean_searches(),
    )


def _advice(totals: Totals, kit: Kit) -> tuple[GoldAdvice, ...]:
    rows = []
    for gold, (needs, what) in _GOLD.items():
        without = totals.without[gold]
        scorers = tuple(runner.name for runner in kit.scorers if needs in runner.scorer.needs)
        if without and scorers:
            labels = min(without, _LABELS)
            gain = (
                "with all of them labelled, of every trace"
                if labels == without
                else "each rate to ±10 points at worst (95 %)"
            )
            text = f"{without} traces lack {what}; {labels} labels buy {_grouped(scorers)}, {gain}"
            rows.append(GoldAdvice(needs=needs, scorers=scorers, traces=without, labels=labels, text=text))
    return tuple(rows)


def _grouped(scorers: Sequence[str]) -> str:
    """``retriever (recall, ndcg), reranker (lift)``: the names of scorers, component by component."""
    parts: dict[str, list[str]] = {}
    for scorer in scorers:
        component, _, name = scorer.partition(".")
        parts.setdefault(component, []).append(name)
    return ", ".join(f"{component} ({', '.join(names)})" for component, names in parts.items())


def _checker(totals: Totals, kit: Kit) -> dict[str, Any]:
    return {
        "id": kit.checker.id,
        "can": sorted(kit.checker.can),
        "calibration": _calibration(totals, kit),
        "outcomes": dict(sorted(totals.outcomes.items())),
        "decided_by": dict(sorted(totals.deciders.items())),
        "languages": dict(sorted(totals.languages.items())),
    }


def _calibration(totals: Totals, kit: Kit) -> dict[str, Any] | None:
    """What the report says of the calibration in force; ``stale``: claims it does not hold for."""
    made = kit.setup.calibration
    if made is None:
        return None
    return {
        "id": made.id,
        "state": made.state,
        "labels": made.labels,
        "created": made.created,
        "systems": list(made.systems),
        "language": made.language,
        "defer": made.defer,
        "accuracy": made.accuracy,
        "brier": made.brier,
        "skill": made.skill,
        "ece": made.ece,
        "claims": totals.calibrated["calibrated"],
        "stale": totals.calibrated["stale"],
    }


def _attributed(totals: Totals) -> Attributed:
    return Attributed(
        failed=totals.attributed.total(),
        attributed=totals.attributed[""],
        abstained={why: n for why, n in sorted(totals.attributed.items()) if why},
    )


def _tools(totals: Totals) -> dict[str, Any]:
    basis: dict[str, list[str]] = {"declared": [], "inferred": []}
    for key in sorted(totals.tools):
        kind, _, name = key.partition(":")
        basis.setdefault(kind, []).append(name)
    resting = sum(row.inferred for row in totals.finding_rows())
    return {**basis, "findings_on_inferred": resting}
