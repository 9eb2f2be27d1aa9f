"""What is counted while traces stream by. Constant memory; merged across workers; nothing here holds a trace."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from traceeval.diagnose import MaskedTable, SuspectTable
from traceeval.judge import is_soft
from traceeval.measures.aggregate import Tally
from traceeval.measures.namespace import Namespace
from traceeval.model import Basis, Component, Finding, FindingRow, Policy, Trace
from traceeval.run._answering import Answering
from traceeval.run._examine import Examined
from traceeval.run._fields import MOST_NAMES, names_of
from traceeval.run._losses import Losses
from traceeval.run._usage import Usage, component_of

_EXAMPLES = 3


@dataclass(slots=True)
class CodeCount:
    """How often one finding code came up, counted in traces."""

    component: Component
    severity: int = 0
    defects: int = 0
    unknown: int = 0
    masked: int = 0
    inferred: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def merge(self, other: CodeCount) -> None:
        """Add what another worker counted."""
        self.severity = max(self.severity, other.severity)
        self.defects += other.defects
        self.unknown += other.unknown
        self.masked += other.masked
        self.inferred += other.inferred
        self.missing.update(other.missing)
        self.examples = (self.examples + other.examples)[:_EXAMPLES]


@dataclass(slots=True)
class Totals:
    """Everything ``summary.json`` is made of."""

    policy: Policy
    traces: int = 0
    spans: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    table: MaskedTable = field(default_factory=MaskedTable)
    suspects: SuspectTable = field(default_factory=SuspectTable)
    attributed: Counter[str] = field(default_factory=Counter)
    usage: dict[Component, Usage] = field(default_factory=lambda: defaultdict(Usage))
    blame: Counter[Component] = field(default_factory=Counter)
    masked: Counter[Component] = field(default_factory=Counter)
    codes: dict[str, CodeCount] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    deciders: Counter[str] = field(default_factory=Counter)
    calibrated: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    without: Counter[str] = field(default_factory=Counter)
    tools: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    namespace: Namespace = field(default_factory=Namespace)
    losses: Losses = field(default_factory=Losses)
    answering: Answering = field(default_factory=Answering)

    def add(self, examined: Examined) -> None:
        """Count one examined trace."""
        trace, dossier = examined.trace, examined.dossier
        self.traces += 1
        self.spans += len(trace.spans)
        for score in examined.scores:
            self.tallies[score.scorer].add(score)
        self.table.add(dossier)
        self.suspects.add(dossier)
        if dossier.attribution is not None:
            self.attributed[dossier.attribution.abstained.partition(":")[0]] += 1
        self.losses.add(dossier)
        self.answering.add(dossier.answer)
        self._count_spans(trace)
        self._count_findings(dossier.findings)
        for share in dossier.blame:
            self.blame[share.component] += share.share  # type: ignore[assignment]
            self.masked[share.component] += share.masked
        self._count_claims(examined)
        self._count_gold(trace, examined)
        self.failures.update(examined.failures)
        self.levels[f"{min(int(examined.risk.level * 10), 9) / 10:.1f}"] += 1
        if dossier.retrieval is not None and trace.reference is not None and trace.reference.judged:
            self.namespace.add((hit.doc for hit in dossier.retrieval.hits or ()), trace.reference.judged)

    def see_fields(self, examined: Examined) -> None:
        """Note what a trace could be sliced by; only the first few hundred names of a run."""
        for name in names_of(examined.dossier):
            if name in self.fields or len(self.fields) < MOST_NAMES:
                self.fields[name] += 1

    def _count_spans(self, trace: Trace) -> None:
        for span in trace.spans:
            component = component_of(span)
            if component is not None:
                self.usage[component].add(span, self.policy)

    def _count_findings(self, findings: tuple[Finding, ...]) -> None:
        seen: set[tuple[str, str]] = set()
        for finding in findings:
            if (finding.code, finding.state) in seen:
                continue
            seen.add((finding.code, finding.state))
            row = self.codes.setdefault(finding.code, CodeCount(finding.component))
            row.severity = max(row.severity, finding.severity)
            if finding.state == "unknown":
                row.unknown += 1
                row.missing.update(finding.missing)
                continue
            row.defects += 1
            row.masked += finding.masked
            row.inferred += finding.basis is Basis.INFERRED
            if len(row.examples) < _EXAMPLES:
                row.examples.append(finding.subject.trace)

    def _count_claims(self, examined: Examined) -> None:
        checked = examined.dossier.checked
        if checked is None:
            return
        self.languages[checked.language or "undetermined"] += 1
        for verdict in checked.verdicts:
            code = f": {verdict.codes[0]}" if verdict.outcome == "defer" and verdict.codes else ""
            self.outcomes[verdict.outcome + code] += 1
            if verdict.outcome not in ("defer", "not_checkable"):
                self.deciders[verdict.by] += 1
            if verdict.calibration is not None or is_soft(verdict):
                self.calibrated["calibrated" if verdict.calibration is not None else "stale"] += 1

    def _count_gold(self, trace: Trace, examined: Examined) -> None:
        reference, dossier = trace.reference, examined.dossier
        if dossier.retrieval is not None and (reference is None or reference.judged is None):
            self.without["documents"] += 1
        if dossier.answer is not None and (
            reference is None or (reference.answer is None and reference.claims is None)
        ):
            self.without["answer"] += 1
        if dossier.graph.calls:
            if reference is None or reference.calls is None:
                self.without["calls"] += 1
            for call in {call.name: call for call in dossier.graph.calls}.values():
                self.tools[f"{call.spec.basis.value}:{call.name}"] += 1

    def merge(self, other: Totals) -> None:
        """Add what another worker counted."""
        self.traces += other.traces
        self.spans += other.spans
        for name, tally in other.tallies.items():
            self.tallies[name].merge(tally)
        self.table.merge(other.table)
        self.suspects.merge(other.suspects)
        for component, usage in other.usage.items():
            self.usage[component].merge(usage)
        for code, row in other.codes.items():
            self.codes.setdefault(code, CodeCount(row.component)).merge(row)
        for mine, theirs in zip(self._counters(), other._counters(), strict=True):
            mine.update(theirs)
        self.namespace.merge(other.namespace)
        self.losses.merge(other.losses)
        self.answering.merge(other.answering)

    def _counters(self) -> tuple[Counter[Any], ...]:
        return (
            self.attributed,
            self.blame,
            self.masked,
            self.outcomes,
            self.deciders,
            self.calibrated,
            self.languages,
            self.without,
            self.tools,
            self.failures,
            self.levels,
            self.fields,
        )

    def finding_rows(self) -> tuple[FindingRow, ...]:
        """One row per code, worst first."""
        rows = [
            FindingRow(
                code=code,
                component=row.component,
                severity=row.severity,
                defects=row.defects,
                unknown=row.unknown,
                traces=self.traces,
                masked=row.masked,
                inferred=row.inferred,
                missing=dict(row.missing),
                examples=tuple(row.examples),
            )
            for code, row in self.codes.items()
        ]
        return tuple(sorted(rows, key=lambda row: (-(row.defects > 0), -row.severity, -row.defects, row.code)))
