"""Which change of the user's words breaks an agent: outcomes of variants by the operator that made them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from traceeval.measures.interval import wilson
from traceeval.model import Scenario, TrialOutcome
from traceeval.model.replayed import OperatorRow


def by_operator(
    written: Sequence[TrialOutcome], varied: Sequence[TrialOutcome], scenarios: Iterable[Scenario]
) -> tuple[OperatorRow, ...]:
    """One row an operator, sorted. ``written``: outcomes of cells as written: what fails there, no operator broke."""
    made = {(one.id, variant.id): variant for one in scenarios for variant in one.variants}
    failing = {one.cell.scenario for one in written if one.result != "pass"}
    sound = {one.cell.scenario for one in written} - failing
    groups: dict[tuple[str, bool], list[TrialOutcome]] = {}
    for one in varied:
        variant = made.get((one.cell.scenario, one.cell.variant or ""))
        kind = (variant.operator, variant.preserving) if variant is not None else ("paraphrase", True)
        groups.setdefault(kind, []).append(one)
    return tuple(_row(operator, preserving, rows, sound) for (operator, preserving), rows in sorted(groups.items()))


def _row(operator: str, preserving: bool, rows: Sequence[TrialOutcome], sound: set[str]) -> OperatorRow:
    passes = sum(one.result == "pass" for one in rows)
    failed = [one.cell.scenario for one in rows if one.result == "fail"]
    low, high = wilson(passes, passes + len(failed)) or (None, None)
    return OperatorRow(
        operator=operator,
        preserving=preserving,
        cells=len({one.cell.id for one in rows}),
        passes=passes,
        judged=passes + len(failed),
        low=low,
        high=high,
        broke=tuple(sorted(set(failed) & sound)),
    )
