"""Consistency over paraphrases beside the agent's own noise: lines, plots, and a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from traceeval.measures.safe_text import inline
from traceeval.model import ConsistencyReport, ConsistencyTable, ParaphraseGroup, Sameness, ScenarioMean, WordingRow
from traceeval.report._numbers import NONE, number, plural
from traceeval.report._style import page_style
from traceeval.report.comparison import chance
from traceeval.report.forest_plot import Mark, forest
from traceeval.report.html import environment, markup
from traceeval.report.replayed import cell_lines, reliable_figure

FEW = 50
NAMES: Mapping[Sameness, str] = {
    "result": "result",
    "state": "final state",
    "answer": "values in the answer",
    "assertions": "what held",
}
_LISTED, _DRAWN = 20, 10


def consistency_lines(report: ConsistencyReport) -> Iterator[str]:
    """What wording changes, scenario by scenario, then how reliably the agent passes."""
    yield consistency_headline(report)
    for table in report.tables:
        yield f"{NAMES[table.by]}: {consistency_told(table)}"
        named = [one for one in table.groups if one.differs]
        yield from (f"  WORDING MATTERS: {group_line(one)}" for one in named[:_LISTED])
        if len(named) > _LISTED:
            yield f"  and {len(named) - _LISTED} more; --json lists all"
    for cells in report.reliable:
        yield from cell_lines(cells)
    for one in report.across:
        yield f"pass^{one.k} over {one.k} wordings {reliable_figure(one, 'wordings')}"
    yield from consistency_notes(report)


def consistency_headline(report: ConsistencyReport) -> str:
    """What was looked at."""
    scenarios = {group.scenario for table in report.tables for group in table.groups}
    wordings = {
        (group.scenario, row.wording) for table in report.tables for group in table.groups for row in group.wordings
    }
    told = (
        f"{plural(len(scenarios), 'scenario')} in {plural(len(wordings), 'wording')}, {plural(report.trials, 'trial')}"
    )
    return inline(f"{report.suite}, agent {report.agent}: {told}", 200)


def consistency_told(table: ConsistencyTable) -> str:
    """``the same between wordings 0.81 [..], within one 0.95 [..], due to the wording 0.14 [..], over 12 scenarios``."""
    own = f"within one {mean_told(table.within)}" if table.within.n else "within one unknown, no wording has two trials"
    due = f", due to the wording {mean_told(table.effect)}" if table.effect.n else ""
    return (
        f"the same between wordings {mean_told(table.between)}, {own}{due}, over {plural(table.between.n, 'scenario')}"
    )


def mean_told(one: ScenarioMean) -> str:
    """``0.81 [0.70, 0.90]``."""
    if one.value is None:
        return NONE
    return number(one.value) + (f" [{number(one.low)}, {number(one.high)}]" if one.low is not None else "")


def group_line(group: ParaphraseGroup) -> str:
    """A scenario, how far its wordings agree, and those that depart."""
    own = f" against {number(group.within)} within one" if group.within is not None else ""
    named = "; ".join(wording_line(row) for row in group.wordings if row.departs)
    return f"{inline(group.scenario, 60)}: {number(group.between)} between wordings{own}, p {chance(group.p)}: {named}"


def wording_line(row: WordingRow) -> str:
    """A wording with its pass rate beside its agreement: always wrong is consistent too."""
    return f"{wording_name(row)} agrees with the others {number(row.agrees)} (passes {row.passes} of {row.judged})"


def wording_name(row: WordingRow) -> str:
    """The id of a variant."""
    return "as written" if row.wording is None else inline(row.wording, 40)


def consistency_notes(report: ConsistencyReport) -> Iterator[str]:
    """What was left out, and what the intervals are worth."""
    for why, n in report.left_out.items():
        yield f"left out: {plural(n, 'trial')}: {why.replace('_', ' ')}"
    if any(table.between.n < FEW for table in report.tables):
        yield f"under {FEW} scenarios an interval over scenarios is too narrow"
    yield "p: trials dealt to the wordings anew, the least agreement of any counts; corrected for all scenarios (Holm)"


def consistency_plots(report: ConsistencyReport) -> Iterator[str]:
    """Between, within and their difference each way; then how often each wording passes where wording matters."""
    marks = [mark for table in report.tables for mark in _means(table)]
    yield forest(
        "Is the same request treated the same?", marks, 0.0, (0.0, 1.0), "chance that two trials are the same, 95 %"
    )
    named: dict[str, ParaphraseGroup] = {}
    for table in report.tables:
        for group in table.groups:
            if group.differs:
                named.setdefault(group.scenario, group)
    for group in list(named.values())[:_DRAWN]:
        title = f"{group.scenario}: how often each wording passes"
        yield forest(
            title, list(_rates(group)), 0.5, (0.0, 1.0), "share of trials, 95 %; a diamond departs from the others"
        )


def _means(table: ConsistencyTable) -> Iterator[Mark]:
    for name, one in (("between wordings", table.between), ("within one", table.within), ("difference", table.effect)):
        if one.value is not None and one.low is not None and one.high is not None:
            yield Mark(f"{NAMES[table.by]}, {name}", one.value, one.low, one.high, name == "difference" and one.low > 0)


def _rates(group: ParaphraseGroup) -> Iterator[Mark]:
    for row in group.wordings:
        if row.low is not None and row.high is not None:
            yield Mark(wording_name(row), row.passes / row.judged, row.low, row.high, row.departs)


def render_consistency_page(report: ConsistencyReport, path: Path) -> None:
    """Write the page: the plots, every scenario of every table, pass^k and pass@k, and notes."""
    template = environment().get_template("consistency.html.j2")
    page = template.render(
        c=report,
        style=markup(page_style()),
        headline=consistency_headline(report),
        plots=[markup(plot) for plot in consistency_plots(report)],
        reliable=[line for cells in report.reliable for line in cell_lines(cells)],
        notes=list(consistency_notes(report)),
        names=NAMES,
        told=consistency_told,
        figure=lambda one: reliable_figure(one, "wordings"),
        chance=chance,
        wording=wording_name,
        line=wording_line,
    )
    path.write_text(page, encoding="utf-8")
