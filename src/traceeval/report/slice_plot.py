"""One score over the values of a field, as SVG: a dot and its interval per slice, against the value over all traces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from traceeval.measures.safe_text import escape, inline
from traceeval.model import Aggregate, SliceRow
from traceeval.report._numbers import interval, number, percent, plural
from traceeval.report._slices import chance, measure_name, slice_name, value_name

MOST = 20
_LABEL, _PLOT, _TOLD, _ROW, _TOP = 190, 360, 190, 24, 26


def slice_plot(rows: Sequence[SliceRow], overall: Aggregate) -> str:
    """At most ``MOST`` values, worst first. Bar: what the mean could be if everything failed were at its worst or best.

    A slice that is reliably worse has a triangle beside it, so that no meaning rests on colour.
    """
    shown = sorted((row for row in rows if row.score.mean is not None), key=_order)[:MOST]
    low, high = _scale([*(row.score for row in shown), overall])
    width, height = _LABEL + _PLOT + _TOLD, _TOP + _ROW * len(shown) + 22
    said = f"{measure_name(overall.scorer)} by {next(iter(rows[0].where))}: {len(shown)} slices"

    def x(value: float) -> float:
        return _LABEL + _PLOT * (min(max(value, low), high) - low) / (high - low)

    parts = [
        f'<svg class="slices" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(inline(said, 200))}">',
        *_axis(low, high, height, x(overall.mean) if overall.mean is not None else None, overall),
    ]
    for place, row in enumerate(shown):
        parts += _row(row, _TOP + place * _ROW, x)
    return "".join([*parts, "</svg>"])


def _order(row: SliceRow) -> tuple[float, float, int]:
    return (row.rank or 1e9, -(row.worse if row.worse is not None else -1e9), -row.traces)


def _scale(scores: Sequence[Aggregate]) -> tuple[float, float]:
    """Zero to one; further where a value lies further."""
    ends = [end for s in scores for end in (s.mean, s.low, s.high, s.lower, s.upper) if end is not None]
    return min(0.0, *ends), max(1.0, *ends)


def _axis(low: float, high: float, height: int, at: float | None, overall: Aggregate) -> Iterator[str]:
    bottom = height - 18
    for value, end in ((low, "start"), (high, "end")):
        x = _LABEL if value == low else _LABEL + _PLOT
        yield f'<line class="axis" x1="{x}" x2="{x}" y1="{_TOP - 4}" y2="{bottom}"/>'
        yield f'<text class="soft" x="{x}" y="{height - 4}" text-anchor="{end}">{number(value, 0 if value in (0, 1) else 2)}</text>'
    if at is not None:
        yield f'<line class="overall" x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP - 6}" y2="{bottom}"/>'
        yield f'<text class="soft" x="{at:.1f}" y="{_TOP - 11}" text-anchor="middle">all {number(overall.mean)}</text>'


def _row(row: SliceRow, top: int, place: Callable[[float], float]) -> Iterator[str]:
    score, y = row.score, top + _ROW // 2
    bad = row.rank is not None
    yield f'<g class="{"bad" if bad else "fine"}"><title>{escape(_spoken(row))}</title>'
    name = escape(inline(value_name(next(iter(row.where.values()))), 40))
    yield f'<svg x="0" y="{top}" width="{_LABEL - 12}" height="{_ROW}"><text class="name" x="2" y="16">{name}</text></svg>'
    if score.lower is not None and score.upper is not None and score.upper > score.lower:
        left, right = place(score.lower), place(score.upper)
        yield f'<rect class="bounds" x="{left:.1f}" y="{y - 5}" width="{max(right - left, 1.5):.1f}" height="10" rx="2"/>'
    if score.low is not None and score.high is not None:
        yield f'<line class="whisker" x1="{place(score.low):.1f}" x2="{place(score.high):.1f}" y1="{y}" y2="{y}"/>'
    yield f'<circle class="mean" cx="{place(score.mean or 0.0):.1f}" cy="{y}" r="4.5"/>'
    told = f"{'▼ ' if bad else ''}{number(score.mean)} in {plural(row.traces, 'trace')}"
    yield f'<text class="value" x="{_LABEL + _PLOT + 12}" y="{top + 16}">{told}</text></g>'


def _spoken(row: SliceRow) -> str:
    score = row.score
    lines = [
        f"{inline(slice_name(row), 160)}: {measure_name(score.scorer)} {number(score.mean)}",
        f"95 % {interval(score.low, score.high)}; coverage {percent(score.coverage)}; {plural(row.traces, 'trace')}",
    ]
    if row.worse is not None:
        lines.append(f"worse than the rest by {number(row.worse)} ({interval(row.low, row.high)})")
    lines.append("too few to compare" if row.q is None else f"q {chance(row.q)}")
    return "\n".join(lines)
