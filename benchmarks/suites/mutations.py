"""Mutation acceptance: for every rule, planted defects that are found and clean twins that are not, on real traces.

``--data`` is the folder that holds ``tau_airline`` and ``tau_retail_agentrx`` (or nothing of the kind); the repository's own
traces are always carriers. A rule passes in a corpus with at least thirty carriers; fewer: "not plantable" there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks._bootstrap import exact
from benchmarks.suites.annotations import WRITTEN, recorded

KILL, FALSE_ALARMS, CARRIERS = 0.95, 0.02, 30
CORPORA = ("traces", "tau_airline")


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """``rules_passed``: rules with kill >= 95 % and false alarms <= 2 % on at least thirty carriers of a corpus."""
    from traceeval.testing._mutation import catalogue

    corpora = {name: found for name in CORPORA if (found := carriers(name, path))}
    rules = [rule.name for rule in catalogue()]
    table = {rule: {name: tally(rule, found) for name, found in corpora.items()} for rule in rules}
    passed = [rule for rule, cells in table.items() if any(map(passes, cells.values()))]
    cells = [cell for row in table.values() for cell in row.values()]
    return {
        "rows": sum(map(len, corpora.values())),
        "groups": len(corpora),
        "metrics": {
            "rules": exact(len(rules)),
            "rules_passed": exact(len(passed)),
            "kill": exact(_share(cells, "killed", "planted")),
            "twin_false_alarms": exact(_share(cells, "alarms", "twins")),
        },
        "subsets": {name: share(table, name) for name in corpora},
        "baselines": {
            "never fire": {"kill": 0.0, "twin_false_alarms": 0.0},
            "always fire": {"kill": 1.0, "twin_false_alarms": 1.0},
        },
        "table": as_text(table),
        "misses": [
            f"{rule} on {name}: unnoticed {list(cell.survived[:5])}, alarms {list(cell.alarmed[:5])}"
            for rule, row in table.items()
            for name, cell in row.items()
            if cell.survived or cell.alarmed
        ],
    }


def carriers(name: str, path: Path) -> list[Any]:
    """The traces of a corpus with the annotations people wrote for its tools."""
    from traceeval.graph import load_tools
    from traceeval.testing import Carrier

    tools = load_tools(WRITTEN[name])
    return [Carrier(trace, tools) for trace in recorded(name, path)]


def tally(rule: str, found: list[Any]) -> Any:
    """The operator of a rule over all carriers of a corpus."""
    from traceeval.testing import mutate

    return mutate(rule, found)


def passes(cell: Any) -> bool:
    """The gate of one rule in one corpus."""
    enough = cell.planted >= CARRIERS and cell.twins >= CARRIERS
    return bool(enough and cell.kill >= KILL and cell.false_alarms <= FALSE_ALARMS)


def share(table: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    """Kills and false alarms of one corpus, all rules together."""
    cells = [row[name] for row in table.values()]
    return {
        "kill": exact(_share(cells, "killed", "planted")),
        "twin_false_alarms": exact(_share(cells, "alarms", "twins")),
    }


def as_text(table: dict[str, dict[str, Any]]) -> list[str]:
    """The table as lines: rule, then kills and false alarms corpus by corpus."""
    lines = [f"{'rule':38} {'corpus':12} {'killed':>9} {'kill':>6} {'alarms':>8} {'rate':>6}"]
    for rule, row in table.items():
        for name, cell in row.items():
            counts = f"{cell.killed}/{cell.planted}", f"{cell.alarms}/{cell.twins}"
            enough = cell.planted >= CARRIERS
            rates = (f"{cell.kill:.3f}", f"{cell.false_alarms or 0:.3f}") if enough else ("-", "n < 30")
            lines.append(f"{rule:38} {name:12} {counts[0]:>9} {rates[0]:>6} {counts[1]:>8} {rates[1]:>6}")
    return lines


def _share(cells: list[Any], hits: str, of: str) -> float | None:
    total = sum(getattr(cell, of) for cell in cells)
    return sum(getattr(cell, hits) for cell in cells) / total if total else None
