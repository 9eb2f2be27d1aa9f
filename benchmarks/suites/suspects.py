"""Suspects without gold on written traces of many domains: ``--data tests/diagnose/unlabelled``, which is code, not rows.

``earlier``: written before the rules were tuned, and looked at while they were. ``later``: written after they were frozen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Is the faulty component the first suspect, is it among the two, and how many clean traces have suspects."""
    from tests.diagnose.unlabelled._all import EARLIER, LATER

    judged = [*_judged(EARLIER, "earlier"), *_judged(LATER, "later")]
    names = sorted({one["set"] for one in judged}), sorted({one["kind"] for one in judged} - {"clean"})
    return {
        "rows": len(judged),
        "groups": len({one["group"] for one in judged}),
        "metrics": metrics(judged),
        "subsets": {
            **{name: metrics([one for one in judged if one["set"] == name]) for name in names[0]},
            **{kind: metrics([one for one in judged if one["kind"] == kind]) for kind in names[1]},
        },
        "baselines": {
            "always retriever": dict.fromkeys(("no_gold_top1", "no_gold_top2"), _always(judged, "retriever")),
            "always retriever and generator": {"no_gold_top2": _always(judged, "retriever", "generator")},
        },
        "misses": [one["told"] for one in judged if one["told"]],
    }


def _judged(desks: Any, name: str) -> list[dict[str, Any]]:
    from tests.diagnose.unlabelled._all import written

    from traceeval.diagnose import suspect
    from traceeval.testing import dossier_of

    found = []
    for trace, case in written(desks):
        named = [one.component.value for one in suspect(dossier_of(trace)).suspects]
        right = case.component in named if case.component else not named
        found.append(
            {
                "group": trace.id.partition("-")[0],
                "set": name,
                "kind": case.kind,
                "component": case.component,
                "first": named[:1] == [case.component],
                "named": case.component in named,
                "suspected": bool(named),
                "told": ""
                if right
                else f"{trace.id}: expected {case.component}, suspected {', '.join(named) or 'nobody'}",
            }
        )
    return found


def metrics(judged: list[dict[str, Any]]) -> dict[str, Any]:
    """Every figure that has rows, with its interval over domains."""
    faults = [one for one in judged if one["component"]]
    clean = [one for one in judged if not one["component"]]
    told = {
        "no_gold_top1": (faults, "first"),
        "no_gold_top2": (faults, "named"),
        "no_gold_clean_suspected": (clean, "suspected"),
    }
    return {
        name: measured(rows, [one["group"] for one in rows], lambda some, what=what: _share(some, what))  # type: ignore[misc]
        for name, (rows, what) in told.items()
        if rows
    }


def _share(rows: list[dict[str, Any]], what: str) -> float | None:
    return sum(one[what] for one in rows) / len(rows) if rows else None


def _always(judged: list[dict[str, Any]], *components: str) -> float | None:
    whose = [one["component"] for one in judged if one["component"]]
    return sum(one in components for one in whose) / len(whose) if whose else None
