"""From outcomes to how reliably an agent passes: pass^k and pass@k over scenarios, with bounds, beside the baselines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from traceeval.compare.attacks import attack_cells, attack_rows, untested
from traceeval.compare.cells import Axes, cell_rows, counts, fault_rows, spent_rows
from traceeval.compare.operators import by_operator
from traceeval.measures.interval import wilson
from traceeval.measures.passk import FEW, over_scenarios, pass_at, pass_hat, scenarios_needed
from traceeval.measures.wording import plural
from traceeval.model import Attack, Cell, Scenario, TrialOutcome
from traceeval.model.replayed import BaselineRow, CellKind, CellTable, Reliable, ReplaySummary, ScenarioRow

HALF_WIDTH = 0.05
_KINDS: tuple[CellKind, ...] = ("as_written", "variants", "faults", "injections", "crossed")
Rows = Sequence[TrialOutcome]


def summarise(
    suite: str, version: str, agent: str, outcomes: Rows, baselines: Mapping[str, Rows], scenarios: Iterable[Scenario]
) -> ReplaySummary:
    """The summary of one replay. ``baselines``: agent -> its outcomes on the cells as written."""
    by_kind = {kind: [one for one in outcomes if _kind(one) == kind] for kind in _KINDS}
    scenarios = tuple(scenarios)
    axes = Axes(scenarios)
    attacked = by_kind["injections"] + by_kind["crossed"]
    made = tuple(_baseline(name, rows) for name, rows in baselines.items())
    notes = Counter[str]()
    for one in outcomes:
        notes.update(one.notes)
    return ReplaySummary(
        suite=suite,
        version=version,
        agent=agent,
        trials=len(outcomes),
        n=min((len(rows) for rows in _by_cell(outcomes).values()), default=0),
        sandbox=dict(Counter(one.sandbox for one in outcomes)),
        clock=dict(Counter(one.clock for one in outcomes)),
        unmatched=sum(one.unmatched > 0 for one in outcomes),
        off_tape=notes["off_tape"],
        notes=dict(sorted(notes.items())),
        warnings=tuple(_warnings(made, by_kind)),
        baselines=made,
        tables=tuple(cell_table(kind, rows) for kind, rows in by_kind.items() if rows),
        attacks=tuple(attack_rows(attacked, scenarios)),
        scenarios=tuple(_scenario(id, rows) for id, rows in _by_scenario(by_kind["as_written"]).items()),
        untested=untested(attacked, scenarios),
        operators=by_operator(by_kind["as_written"], by_kind["variants"], scenarios),
        cells=cell_rows(outcomes, _kind, axes),
        faults=fault_rows(by_kind["faults"], axes),
        attacked=tuple(attack_cells(attacked, scenarios)),
        spent=tuple(spent_rows((kind, rows) for kind, rows in by_kind.items() if rows)),
    )


def _kind(one: TrialOutcome) -> CellKind:
    return kind_of(one.cell, one.attack)


def kind_of(cell: Cell, attack: Attack | None = None) -> CellKind:
    """Which axis of a cell is varied; a telling in which the user attacks stands with the attacks."""
    if attack is not None and cell.injection is None and cell.fault is None:
        return "injections"
    varied = [n for n, value in zip(_KINDS[1:4], (cell.variant, cell.fault, cell.injection), strict=True) if value]
    return "as_written" if not varied else varied[0] if len(varied) == 1 else "crossed"


def _by_scenario(outcomes: Rows) -> dict[str, list[TrialOutcome]]:
    found: dict[str, list[TrialOutcome]] = {}
    for one in outcomes:
        found.setdefault(one.cell.scenario, []).append(one)
    return found


def _by_cell(outcomes: Rows) -> dict[str, list[TrialOutcome]]:
    found: dict[str, list[TrialOutcome]] = {}
    for one in outcomes:
        found.setdefault(one.cell.id, []).append(one)
    return found


def cell_table(kind: CellKind, rows: Rows) -> CellTable:
    """pass^k and pass@k of cells of one kind, for k of 1, 2, 4, 8 and the most trials a cell has."""
    cells = _by_cell(rows)
    n = max(len(trials) for trials in cells.values())
    ks = sorted({1, *(k for k in (2, 4, 8) if k <= n), n})
    whole = [reliable(rows, k, pass_hat) for k in ks]
    matched = [one for one in rows if not one.unmatched]
    return CellTable(
        kind=kind,
        cells=len(cells),
        trials=len(rows),
        results=dict(sorted(Counter(one.result for one in rows).items())),
        pass_hat=tuple(whole),
        pass_at=tuple(reliable(rows, k, pass_at) for k in ks),
        matched_only=reliable(matched, 1, pass_hat) if matched and len(matched) < len(rows) else None,
        needed=scenarios_needed(_values(rows, n, pass_hat)[0], HALF_WIDTH),
    )


def reliable(rows: Rows, k: int, measure: Callable[[int, int, int], float]) -> Reliable:
    """The mean over scenarios of the mean over their cells; a cell with fewer than k judged trials leaves it uncovered."""
    values, uncovered = _values(rows, k, measure)
    found = over_scenarios(values, uncovered=uncovered)
    return Reliable(
        k=k,
        value=found.value,
        low=found.low,
        high=found.high,
        worst=_bound(rows, k, measure, passes=False),
        best=_bound(rows, k, measure, passes=True),
        scenarios=found.n,
        uncovered=found.uncovered,
        by=found.by,
    )


def _values(rows: Rows, k: int, measure: Callable[[int, int, int], float]) -> tuple[list[float], int]:
    values, uncovered = [], 0
    for trials in _by_scenario(rows).values():
        cells = [counts(cell) for cell in _by_cell(trials).values()]
        if any(n < k for _, n in cells):
            uncovered += 1
        else:
            values.append(sum(measure(c, n, k) for c, n in cells) / len(cells))
    return values, uncovered


def _bound(rows: Rows, k: int, measure: Callable[[int, int, int], float], *, passes: bool) -> float | None:
    """As ``reliable``, with every trial nobody could judge counted as passed, or as failed; a diverged one is shown apart."""
    values = []
    for trials in _by_scenario([one for one in rows if one.result != "diverged"]).values():
        cells = list(_by_cell(trials).values())
        if any(len(cell) < k for cell in cells):
            return None
        won = [sum(one.result == "pass" or (passes and one.result != "fail") for one in cell) for cell in cells]
        values.append(sum(measure(c, len(cell), k) for c, cell in zip(won, cells, strict=True)) / len(cells))
    return sum(values) / len(values) if values else None


def _baseline(agent: str, rows: Rows) -> BaselineRow:
    by = _by_scenario(rows)
    failed = [id for id, trials in by.items() if any(one.result == "fail" for one in trials)]
    passed = [id for id, trials in by.items() if all(one.result == "pass" for one in trials)]
    unjudged = [id for id in by if id not in failed and id not in passed]
    return BaselineRow(
        agent=agent, scenarios=len(by), passed=len(passed), failed=tuple(failed), unjudged=tuple(unjudged)
    )


def _scenario(id: str, rows: Rows) -> ScenarioRow:
    passes, judged = counts(rows)
    low, high = wilson(passes, judged) or (None, None)
    why = next((one.why for one in rows if one.result != "pass"), "")
    return ScenarioRow(scenario=id, passes=passes, judged=judged, trials=len(rows), low=low, high=high, why=why)


def _warnings(baselines: Sequence[BaselineRow], by_kind: Mapping[CellKind, Rows]) -> Iterator[str]:
    """What makes the figures say less than they seem to."""
    for row in baselines:
        if row.agent == "reference" and (row.failed or row.unjudged):
            yield f"the reference does not pass {', '.join((*row.failed, *row.unjudged))[:200]}: correct these scenarios first"
        if row.agent == "noop" and row.passed:
            yield f"an agent that does nothing passes {row.passed} of {plural(row.scenarios, 'scenario')}: they prove nothing"
    scenarios = len(_by_scenario(by_kind["as_written"]))
    if 1 < scenarios < FEW:
        yield f"{scenarios} scenarios: under {FEW} the bootstrap interval is too narrow"
