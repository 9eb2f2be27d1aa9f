"""One self-contained page: no script, no outside address, readable on paper, on a phone, in the dark."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceeval.graph import Judgements
from traceeval.measures.safe_text import escape, inline
from traceeval.model import Aggregate, Finding, Replay, Score, Slices, Summary
from traceeval.report import _numbers as numbers
from traceeval.report._answering import (
    STATES,
    cells,
    compensated,
    examples_of,
    fallback_rows,
    position_notes,
    replay_lines,
    told,
)
from traceeval.report._case import Case
from traceeval.report._headline import checker_lines, headline, score_of
from traceeval.report._shown import choose, flagged
from traceeval.report._slices import (
    at_worst,
    chance,
    measure_name,
    rows_of,
    slice_name,
    slices_headline,
    slices_notes,
    telling,
    told_fields,
    worse_by,
    worst_slices,
)
from traceeval.report._steps import duration, step_of
from traceeval.report._style import page_style
from traceeval.report._suspects import suspect_lines
from traceeval.report.plots import coverage_bar, waterfall_plot
from traceeval.report.position_plot import position_plot
from traceeval.report.slice_plot import MOST, slice_plot
from traceeval.report.svg import anchor, draw

if TYPE_CHECKING:
    from jinja2 import Environment

LIMIT = 200


def render_html(
    summary: Summary, cases: Iterable[Case], path: Path, *, ids: Container[str] = (), limit: int = LIMIT
) -> None:
    """Write the page, at most ``limit`` traces on it, one after the other: none is held longer than it takes.

    ``ids``: the traces that ``cases`` will bring; only they are linked to.
    """
    template = environment().get_template("report.html.j2")
    shown = islice(cases, limit)
    with path.open("w", encoding="utf-8") as out:
        stream = template.stream(
            s=summary,
            style=markup(page_style()),
            headline=list(headline(summary)),
            checker=list(checker_lines(summary)),
            suspected=list(suspect_lines(summary.suspects)) if summary.suspects is not None else [],
            cases=_cases(shown),
            limit=limit,
            ids=ids,
            score_of=score_of,
            bar=_drawn(coverage_bar),
            fall=_drawn(waterfall_plot),
            curve=_drawn(position_plot),
            told=told,
            compensated=compensated,
            examples_of=examples_of,
            states=STATES,
            cells=cells,
            recalled=fallback_rows(summary.fallback),
            notes=[*position_notes(summary.positions)] if summary.positions else [],
            replayed=[*replay_lines(summary.replays)] if summary.replays else [],
            slices=_slices(summary.slices),
        )
        stream.enable_buffering(64)
        out.writelines(stream)


@cache
def environment() -> Environment:
    """Templates with our filters; everything is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("traceeval.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        t=lambda value: markup(escape(str(value))),
        line=lambda value, most=120: markup(escape(inline(str(value), most))),
        num=numbers.number,
        pct=numbers.percent,
        iv=numbers.interval,
        pcts=numbers.percents,
        n=numbers.count,
        sec=numbers.seconds,
        money=numbers.money,
        counted=numbers.counted,
        slice=slice_name,
        measure=measure_name,
        worse_by=worse_by,
        at_worst=at_worst,
        chance=chance,
    )
    return made


def markup(text: str) -> Any:
    """Text that is safe already: our own, or out of ``escape``."""
    from markupsafe import Markup

    return Markup(text)


def _drawn(draw_it: Any) -> Any:
    return lambda *args: markup(draw_it(*args))


def _slices(slices: Slices | None) -> dict[str, Any] | None:
    if slices is None:
        return None
    overall = {aggregate.scorer: aggregate for aggregate in slices.overall}
    fields = []
    for field in told_fields(slices):
        rows = rows_of(slices, field.name)
        first = telling(rows)
        plots = {name: markup(slice_plot(several, overall[name])) for name, several in rows.items()}
        more = [(_heading(overall[name]), plot) for name, plot in plots.items() if name != first]
        fields.append({"field": field, "name": _heading(overall[first]), "plot": plots[first], "more": more})
    return {
        "headline": slices_headline(slices),
        "worst": worst_slices(slices),
        "fields": fields,
        "notes": list(slices_notes(slices)),
        "most": MOST,
    }


def _heading(aggregate: Aggregate) -> str:
    return measure_name(aggregate.scorer) + (" (lower is better)" if aggregate.better == "lower" else "")


def _cases(cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    for number, case in enumerate(cases, 1):
        dossier = case.dossier
        shown = choose(dossier.graph, flagged(dossier.findings))
        judged = Judgements(dossier.reference)
        yield {
            "number": number,
            "trace": dossier.trace,
            "risk": case.risk,
            "blame": dossier.blame,
            "replays": list(_replays(case)),
            "suspicion": dossier.suspicion,
            "attribution": dossier.attribution,
            "seq": {id_: anchor(number, span.seq) for id_, span in dossier.graph.spans.items()},
            "findings": [f for f in dossier.findings if f.state == "defect"],
            "unknown": [f for f in dossier.findings if f.state == "unknown"],
            "scores": list(_scores(case)),
            "svg": markup(draw(dossier.graph, dossier.findings, case=number, shown=shown, alone=False)),
            "steps": [_step(span, shown.depth[span.id], number, judged, dossier.findings) for span in shown.spans],
            "folded": shown.total - len(shown.spans),
        }


def _step(span: Any, depth: int, case: int, judged: Judgements, findings: Iterable[Finding]) -> dict[str, Any]:
    return {
        "id": anchor(case, span.seq),
        "span": span,
        "depth": min(depth, 6),
        "took": duration(span),
        "facts": step_of(span, judged),
        "findings": [f for f in findings if f.subject.span == span.id and f.state == "defect"],
    }


def _replays(case: Case) -> Iterator[tuple[str, Replay]]:
    """(what was left out, what came of it) of everything that was asked again."""
    answer = case.dossier.answer
    replays = answer.replays if answer is not None else None
    if replays is None:
        return
    if replays.closed is not None:
        yield "without any context", replays.closed
    yield from ((f"without {', '.join(one.dropped)}", one) for one in replays.chunks)


def _scores(case: Case) -> Iterator[Score]:
    """Scores that say something: what does not apply is left to scores.parquet."""
    for scores in case.dossier.scores.values():
        yield from (score for score in scores if score.status != "not_applicable")
