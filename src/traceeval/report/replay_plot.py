"""How reliably an agent passes, as one SVG: each kind of cell with its interval, the baselines below."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.interval import wilson
from traceeval.model.replayed import CellTable, Reliable, ReplaySummary
from traceeval.report.forest_plot import Mark, forest
from traceeval.report.replayed import KIND_NAMES


def replay_plot(found: ReplaySummary) -> str:
    """pass^1 and pass^n by kind of cell, attack success by disguise, baselines; a diamond is an attack that succeeded."""
    marks = [*passes(found), *_attacks(found), *baselines(found)]
    return forest(f"{found.suite} {found.version}: {found.agent}", marks, 0.5, (0.0, 1.0), "share, with 95 % interval")


def passes(found: ReplaySummary) -> Iterator[Mark]:
    """pass^1 and pass^n of each kind of cell; what has no interval is left out."""
    for table in found.tables:
        for one in (table.pass_hat[0], *table.pass_hat[-1:]) if len(table.pass_hat) > 1 else table.pass_hat:
            yield from _mark(table, one)


def baselines(found: ReplaySummary) -> Iterator[Mark]:
    """The share of scenarios each baseline passes, with Wilson's interval."""
    for row in found.baselines:
        interval = wilson(row.passed, row.scenarios)
        if interval is not None:
            yield Mark(f"baseline {row.agent}, as written", row.passed / row.scenarios, *interval)


def _mark(table: CellTable, one: Reliable) -> Iterator[Mark]:
    if one.value is not None and one.low is not None and one.high is not None:
        yield Mark(f"pass^{one.k} {KIND_NAMES[table.kind]}", one.value, one.low, one.high)


def _attacks(found: ReplaySummary) -> Iterator[Mark]:
    for row in found.attacks:
        if row.rate is not None and row.low is not None and row.high is not None:
            yield Mark(f"attack success, {row.name}", row.rate, row.low, row.high, flagged=row.executed > 0)
