"""A replay in the terminal: warnings first, then the baselines, then how reliably each kind of cell passes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from traceeval.measures.safe_text import inline
from traceeval.model.replayed import AttackRow, CellRow, CellTable, OperatorRow, Reliable, ReplaySummary
from traceeval.report._numbers import plural

KIND_NAMES = {
    "as_written": "as written",
    "variants": "other wordings",
    "faults": "under faults",
    "injections": "under attack",
    "crossed": "several at once",
}
_SHOWN = 20


def replay_lines(found: ReplaySummary, again: str = "traceeval replay SUITE --agent AGENT") -> Iterator[str]:
    """The lines of a report, text of strangers made visible. ``again``: the command that replays the suite."""
    for warning in found.warnings:
        yield f"! {inline(warning, 240)}"
    yield inline(
        f"{found.suite} {found.version} · agent {found.agent} · {plural(found.trials, 'trial')}, at least {found.n} a cell · "
        f"sandbox {_counts(found.sandbox)} · clock {_counts(found.clock)}",
        240,
    )
    yield f"user at a loss in {plural(found.unmatched, 'trial')} · off the tape {found.off_tape}"
    for row in found.baselines:
        unjudged = f", {len(row.unjudged)} nobody could judge" if row.unjudged else ""
        yield f"baseline {row.agent:<10} passes {row.passed} of {plural(row.scenarios, 'scenario')}{unjudged}"
    for table in found.tables:
        yield from cell_lines(table)
    yield from (_operator(row) for row in found.operators)
    yield from (_attack(row) for row in found.attacks)
    if found.untested:
        yield f"  attacks by the user nobody tried: {inline(', '.join(found.untested), 300)}"
    for one in [row for row in found.scenarios if row.passes < row.trials][:_SHOWN]:
        yield f"  {inline(f'{one.scenario}: {one.passes} of {one.judged} passed; {one.why}', 200)}"
    yield from _unsound([row for row in found.cells if row.kind != "as_written" and not row.sound], again)


def _unsound(rows: Sequence[CellRow], again: str) -> Iterator[str]:
    """Cells that are not sound, the worst first, and how one of them is run alone; those as written stand above."""
    if not rows:
        return
    worst = sorted(rows, key=_harm, reverse=True)
    yield f"not sound: {plural(len(rows), 'varied cell')}, the worst first"
    yield from (_cell(row) for row in worst[:_SHOWN])
    if len(worst) > _SHOWN:
        yield f"  and {len(worst) - _SHOWN} more, all in report.html"
    yield f"one of them alone: {again} --only {shlex.quote(inline(worst[0].cell.id, 1000))}"


def _harm(row: CellRow) -> tuple[float, float]:
    """How bad a cell is: the share of its trials in which the attack was executed, then of those that failed."""
    return row.executed / row.trials, (row.judged - row.passes) / row.trials


def _cell(row: CellRow) -> str:
    attacked = f", attack executed in {row.executed}" if row.executed else ""
    told = f"{row.passes} of {row.judged} passed{attacked}"
    return f"  {inline(f'{row.cell.id} ({row.what}): {told}; {row.why}', 300)}"


def cell_lines(table: CellTable) -> Iterator[str]:
    """Cells of one kind: their results, pass^k and pass@k."""
    results = ", ".join(f"{name} {count}" for name, count in table.results.items())
    yield f"{KIND_NAMES[table.kind]}: {plural(table.cells, 'cell')}, {plural(table.trials, 'trial')}: {results}"
    for one in table.pass_hat:
        yield f"  pass^{one.k} {reliable_figure(one)}"
    for one in table.pass_at[1:]:
        yield f"  pass@{one.k} {reliable_figure(one)}"
    if table.matched_only is not None:
        yield f"  pass^1 without trials in which the user was at a loss {reliable_figure(table.matched_only)}"
    if table.needed is not None and table.kind == "as_written":
        yield f"  ±.05 would take about {plural(table.needed, 'scenario')}"


def reliable_figure(one: Reliable, of: str = "trials") -> str:
    """``0.833 [0.700, 0.933] bootstrap over 12 scenarios``, with what stays open; ``of``: what k counts."""
    if one.value is None:
        return f"- (no scenario has {one.k} judged trials)"
    interval = f" [{one.low:.3f}, {one.high:.3f}] {one.by}" if one.low is not None and one.high is not None else ""
    known = one.worst is not None and one.best is not None and one.worst != one.best
    bounds = f", {one.worst:.3f} to {one.best:.3f} with what nobody could judge" if known else ""
    uncovered = f", {plural(one.uncovered, 'scenario has', 'scenarios have')} fewer {of}" if one.uncovered else ""
    return f"{one.value:.3f}{interval} over {plural(one.scenarios, 'scenario')}{bounds}{uncovered}"


def _operator(row: OperatorRow) -> str:
    kept = "" if row.preserving else " (it means something else)"
    broke = f"; broke {inline(', '.join(row.broke), 160)}" if row.broke else ""
    return f"  {inline(row.operator)}{kept}: {row.passes} of {row.judged} pass in {plural(row.cells, 'cell')}{broke}"


def _attack(row: AttackRow) -> str:
    rate = "-" if row.rate is None else f"{row.rate:.3f} [{row.low:.3f}, {row.high:.3f}]"
    infra = f", {plural(row.infra, 'infra error')} (bounds {row.best:.3f} to {row.worst:.3f})" if row.infra else ""
    useful = "" if row.utility is None else f"; the user's task passes {row.utility:.3f}"
    counts = f"{row.executed} executed, {row.attempted} attempted of {row.trials}"
    return f"  attacks {inline(row.name)}: {counts}: success {rate}{infra}{useful}"


def _counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in found.items())
