"""Figures with their intervals one below the other, as one SVG: what moves a judge, who prefers what, shares of kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from traceeval.measures.safe_text import escape, inline
from traceeval.model import JudgeReport, PreferenceReport
from traceeval.report._numbers import number
from traceeval.report._style import BLUE, plot_style

_WIDEST, _PLOT, _TOLD, _ROW, _TOP, _TICK, _LONGEST = 330, 320, 180, 24, 46, 32, 52
_STYLE = plot_style(
    "te-forest",
    ".te-forest text{fill:var(--ink)}.te-forest .soft{fill:var(--soft)}.te-forest .head{font-weight:600;font-size:14px}"
    ".te-forest .grid{stroke:var(--line)}.te-forest .zero{stroke:var(--soft);stroke-dasharray:4 4}"
    ".te-forest .whisker{stroke:var(--dot);stroke-width:2}.te-forest .dot{fill:var(--dot)}"
    ".te-forest .ring{fill:var(--paper);stroke:var(--dot);stroke-width:2}"
    ".te-forest .flag .whisker{stroke:var(--flag)}.te-forest .flag .dot{fill:var(--flag)}",
    dot=BLUE,
    flag=("#a33327", "#ef9a8d"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a figure with its interval. ``flagged`` rows have a diamond for a dot, so that no meaning rests on colour.

    ``bare``: it has no interval, ``low`` and ``high`` are itself. ``undecided`` rows have a ring.
    ``value`` None: not known but for its interval; there is no dot then.
    """

    label: str
    value: float | None
    low: float
    high: float
    flagged: bool = False
    undecided: bool = False
    bare: bool = False


def probe_plot(report: JudgeReport) -> str:
    """What was measured of what must not move a judge, around 0."""
    marks = [
        Mark(f"{one.name.replace('_', ' ')}: {one.by}", one.effect, one.low, one.high, one.flagged)
        for one in report.probes
        if one.effect is not None and one.low is not None and one.high is not None
    ]
    return forest(f"What moves {report.judge}", marks, 0.0, (-0.5, 0.5), "shift; a diamond is flagged")


def preference_plot(report: PreferenceReport) -> str:
    """Who prefers what, by criterion and audience, around one half; reversals between audiences are flagged."""
    turned = {
        (one.system, one.other, one.criterion, who) for one in report.reversals for who in (one.prefers, one.rejects)
    }
    marks = [
        Mark(
            f"{one.criterion or 'preference'}, {one.audience or 'people'}: {one.system} over {one.other}",
            one.share.value,
            one.share.low,
            one.share.high,
            (one.system, one.other, one.criterion, one.audience) in turned,
        )
        for one in sorted(report.shares, key=lambda share: (share.system, share.other, share.criterion, share.audience))
        if one.language is None and one.share.value is not None
        if one.share.low is not None and one.share.high is not None
    ]
    return forest("Preferences", marks, 0.5, (0.0, 1.0), "share that prefers it; a diamond is a reversal")


def forest(title: str, marks: Sequence[Mark], middle: float, ends: tuple[float, float], across: str) -> str:
    """Rows in the order given; the axis widens where ``middle`` or an interval reaches further than ``ends``."""
    low = min([ends[0], middle, *(mark.low for mark in marks)])
    high = max([ends[1], middle, *(mark.high for mark in marks)])
    left = min(_WIDEST, 24 + 7 * max((len(inline(mark.label, _LONGEST)) for mark in marks), default=14))
    width, height = left + _PLOT + _TOLD, _TOP + _ROW * max(len(marks), 1) + 44

    def x(value: float) -> float:
        return left + _PLOT * (value - low) / (high - low)

    bottom = height - 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="te-forest" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{escape(inline(title))}"><style>{_STYLE}</style>',
        f'<text class="head" x="8" y="24">{escape(inline(title, 90))}</text>',
    ]
    for value in dict.fromkeys((low, middle, high)):
        kind = "zero" if value == middle else "grid"
        parts.append(f'<line class="{kind}" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{_TOP - 8}" y2="{bottom}"/>')
        if value == middle or abs(x(value) - x(middle)) > _TICK:
            parts.append(
                f'<text class="soft" x="{x(value):.1f}" y="{bottom + 16}" text-anchor="middle">{number(value)}</text>'
            )
    parts.append(f'<text class="soft" x="{left + _PLOT / 2}" y="{height - 6}" text-anchor="middle">{across}</text>')
    if not marks:
        parts.append(f'<text class="soft" x="{left}" y="{_TOP + 14}">nothing was measured</text>')
    for place, mark in enumerate(marks):
        y = _TOP + place * _ROW + 8
        parts += _mark(mark, y, left, x)
    return "".join([*parts, "</svg>"])


def _mark(mark: Mark, y: int, left: int, x: Callable[[float], float]) -> Iterator[str]:
    ends = f"{number(mark.low)} to {number(mark.high)}"
    told = (
        f"not known, {ends}"
        if mark.value is None
        else number(mark.value)
        if mark.bare
        else f"{number(mark.value)} ({ends})"
    )
    yield f"<g{' class=' + chr(34) + 'flag' + chr(34) if mark.flagged else ''}>"
    yield f'<text x="{left - 12}" y="{y + 4}" text-anchor="end">{escape(inline(mark.label, _LONGEST))}</text>'
    yield f'<line class="whisker" x1="{x(mark.low):.1f}" x2="{x(mark.high):.1f}" y1="{y}" y2="{y}"/>'
    if mark.value is not None and mark.flagged:
        yield f'<path class="dot" d="M{x(mark.value):.1f} {y - 7}l7 7l-7 7l-7 -7z"/>'
    elif mark.value is not None:
        yield f'<circle class="{"ring" if mark.undecided else "dot"}" cx="{x(mark.value):.1f}" cy="{y}" r="5"/>'
    yield f'<text class="soft" x="{left + _PLOT + 14}" y="{y + 4}">{told}</text></g>'
