"""A replay as one self-contained page: no script, no outside address, everything agents and scenarios wrote escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from traceeval.measures.interval import wilson
from traceeval.model import Divergence, Trace
from traceeval.model.replayed import AttackCell, CellKind, CellRow, Manifest, Reliable, ReplaySummary
from traceeval.report._numbers import interval, number, plural
from traceeval.report._steps import step_of
from traceeval.report._style import page_style
from traceeval.report.html import environment, markup
from traceeval.report.passk_plot import passk_plot
from traceeval.report.replay_plot import replay_plot
from traceeval.report.replayed import KIND_NAMES
from traceeval.report.svg import anchor

MOST_FAILING = 60
"""Cells whose first bad trial is shown step by step; all are in the tables and in ``trials.jsonl``."""
_MOST_STEPS = 60
_GROUPS: tuple[CellKind, ...] = ("as_written", "variants", "faults", "injections", "crossed")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTrial:
    """The first bad trial of a cell. ``parting``: where it leaves its twin, the same seed as written; None: nowhere, or none."""

    row: CellRow
    trace: Trace
    parting: Divergence | None = None


def replay_page(found: ReplaySummary, manifest: Manifest, failed: Iterable[FailedTrial]) -> str:
    """The page as text."""
    cases = [_case(number, one) for number, one in enumerate(failed, 1)]
    shown = {one["row"].cell.id: one["number"] for one in cases}
    kinds = [kind for kind in _GROUPS if any(one.kind == kind for one in found.cells)]
    page: str = (
        environment()
        .get_template("replay.html.j2")
        .render(
            s=found,
            m=manifest,
            style=markup(page_style()),
            headline=_headline(found),
            baselines=_baselines(found),
            names=KIND_NAMES,
            plots=[(KIND_NAMES[one.kind], markup(passk_plot(one, found.baselines))) for one in found.tables],
            overview=markup(replay_plot(found)),
            told=_told,
            share=lambda one: interval(*(wilson(one.passed, one.scenarios) or (None, None))),
            kinds=kinds,
            matrix=list(_matrix(found.cells, kinds, shown)),
            grids=[grid for by in ("payload", "user") if (grid := _grid(found.attacked, by)) is not None],
            cases=cases,
            bad=sum(not one.sound for one in found.cells),
            most=MOST_FAILING,
        )
    )
    return page


def _headline(found: ReplaySummary) -> str:
    """The one figure: pass^k for the largest k, as written."""
    written = next((one for one in found.tables if one.kind == "as_written"), None)
    if written is None:
        return "No cell as written was replayed" if found.trials else "The baselines alone"
    last = written.pass_hat[-1]
    if last.value is None:
        return "Too few trials could be judged to say how reliable it is"
    return (
        f"{plural(last.k, 'trial')} of one scenario all pass with a chance of {number(last.value)}, "
        f"95 % {interval(last.low, last.high)}"
    )


def _baselines(found: ReplaySummary) -> str:
    return " · ".join(f"{one.agent} passes {one.passed} of {one.scenarios}" for one in found.baselines)


def _told(one: Reliable | None) -> str:
    """``0.83 (0.70–0.91)``, with the bounds where they say more."""
    if one is None or one.value is None:
        return "—"
    bounds = f", {interval(one.worst, one.best)} with what nobody could judge" if one.worst != one.best else ""
    return f"{number(one.value)} ({interval(one.low, one.high)}){bounds}"


def _matrix(
    rows: Sequence[CellRow], kinds: Sequence[CellKind], shown: Mapping[str, int]
) -> Iterator[tuple[str, list[tuple[list[CellRow], list[dict[str, Any]]]]]]:
    """(scenario, for each kind its sound cells and a chip for each other one), the worst scenario first."""
    by: dict[str, dict[str, list[CellRow]]] = {}
    for row in rows:
        by.setdefault(row.cell.scenario, {}).setdefault(row.kind, []).append(row)
    for scenario, several in sorted(by.items(), key=lambda one: _soundness(list(chain(*one[1].values())))):
        groups = [several.get(kind, []) for kind in kinds]
        yield scenario, [([one for one in g if one.sound], [_chip(one, shown) for one in g if not one.sound]) for g in groups]  # fmt: skip


def _soundness(cells: Sequence[CellRow]) -> tuple[int, float, int]:
    """The less, the worse: attacks executed, the share of judged trials that pass, cells that are not sound."""
    judged = sum(one.judged for one in cells)
    share = sum(one.passes for one in cells) / judged if judged else 1.0
    return -sum(one.executed for one in cells), share, -sum(not one.sound for one in cells)


def _chip(row: CellRow, shown: Mapping[str, int]) -> dict[str, Any]:
    failed = row.judged - row.passes
    state = "none" if row.executed or (failed and not row.passes) else "some" if failed else "open"
    return {"row": row, "state": state, "case": shown.get(row.cell.id)}


def _grid(cells: Sequence[AttackCell], by: str) -> dict[str, Any] | None:
    """Attacks as a table: rows by columns; None where there are none of that kind."""
    mine = {(one.row, one.column): one for one in cells if one.by == by}
    if not mine:
        return None
    untried = [f"{row} x {column}" for (row, column), one in mine.items() if one.trials == one.infra]
    return {
        "by": by,
        "title": "By wording and disguise of the payload" if by == "payload" else "By tactic and goal of the user",
        "rows": list(dict.fromkeys(row for row, _ in mine)),
        "columns": list(dict.fromkeys(column for _, column in mine)),
        "cells": mine,
        "untried": untried,
    }


def _case(number: int, one: FailedTrial) -> dict[str, Any]:
    spans = [span for span in sorted(one.trace.spans, key=lambda span: span.seq) if span.body is not None]
    steps: list[dict[str, Any]] = [
        {"id": anchor(number, span.seq), "span": span, "depth": 0, "took": None, "facts": step_of(span), "findings": []}
        for span in spans[:_MOST_STEPS]
    ]
    return {"number": number, "row": one.row, "parting": one.parting, "steps": steps, "more": len(spans) - len(steps)}
