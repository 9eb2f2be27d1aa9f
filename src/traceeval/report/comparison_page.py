"""Two versions side by side as one self-contained page: no script, no outside address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from traceeval.model import Change, Comparison
from traceeval.report import comparison as told
from traceeval.report._style import page_style
from traceeval.report.forest_plot import Mark, forest
from traceeval.report.html import environment, markup

SHARES = ("tokens", "cost", "seconds", "calls")


def render_comparison_page(found: Comparison, path: Path) -> None:
    """Write the page."""
    template = environment().get_template("comparison.html.j2")
    page = template.render(
        c=found,
        style=markup(page_style()),
        headline=list(told.comparison_headline(found)),
        notes=list(told.comparison_notes(found)),
        groups=_groups(found),
        plots=[markup(plot) for plot in _plots(found)],
        level=told.level,
        digits=told.digits,
        chance=told.chance,
        why=told.why,
        parting=told.parting_line,
    )
    path.write_text(page, encoding="utf-8")


def _groups(found: Comparison) -> list[tuple[str, str, list[Change]]]:
    return [
        ("asked", "What was asked about", _scored(found.changes)),
        ("others", "Every other measure", _scored(found.others)),
        ("findings", "Findings, in shares of the cases", _scored(found.findings)),
    ]


def _scored(changes: Sequence[Change]) -> list[Change]:
    return [one for one in told.ordered(changes) if one.n]


def _plots(found: Comparison) -> list[str]:
    """Scores by their difference; what a run takes by its share of the base, for the units differ."""
    scores = [_mark(one, 1.0) for one in found.changes if one.metric not in SHARES and one.value is not None]
    takes = [
        _mark(one, one.base) for one in found.changes if one.metric in SHARES and one.value is not None and one.base
    ]
    plots = []
    if scores:
        across = "head less base; a diamond is proven"
        plots.append(forest("What changed", scores, 0.0, (-0.1, 0.1), across))
    if takes:
        across = "head less base, as a share of base; a diamond is proven"
        plots.append(forest("What a run takes", takes, 0.0, (-0.1, 0.1), across))
    return plots


def _mark(one: Change, scale: float) -> Mark:
    value, low, high = (0.0 if end is None else end / scale for end in (one.value, one.low, one.high))
    lower = "" if one.better == "higher" else " (lower is better)"
    return Mark(f"{one.metric}{lower}", value, low, high, one.verdict in ("regressed", "improved"))
