"""One measure over runs as one SVG: a dot a run with its interval, a line where a version begins."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from traceeval.measures.safe_text import escape, inline
from traceeval.model import RunFigure, TrendPoint, TrendReport
from traceeval.report._numbers import number
from traceeval.report._style import BLUE, plot_style

_LEFT, _TOP, _TALL, _WIDE, _BELOW, _LABELS = 64, 66, 240, 640, 62, 8
_STYLE = plot_style(
    "te-trend",
    ".te-trend{max-width:100%;height:auto}"
    ".te-trend text{fill:var(--soft)}.te-trend .head{fill:var(--ink);font-weight:600;font-size:14px}"
    ".te-trend .grid{stroke:var(--line)}.te-trend .version{stroke:var(--ink);stroke-dasharray:4 4}"
    ".te-trend .name{fill:var(--ink)}.te-trend .path{fill:none;stroke:var(--dot);opacity:.4}"
    ".te-trend .whisker{stroke:var(--dot);stroke-width:2}.te-trend .dot{fill:var(--dot)}"
    ".te-trend .open{fill:var(--dot);opacity:.2}",
    dot=BLUE,
)
Place = Callable[[float], float]


def trend_plot(found: TrendReport) -> str:
    """Runs evenly spaced in the order in which they were made; a light bar is what failed scores leave open."""
    low, high = _ends([point.figure for point in found.points])
    width, height = _LEFT + _WIDE + 24, _TOP + _TALL + _BELOW

    def y(value: float) -> float:
        return _TOP + _TALL * (high - value) / (high - low)

    def x(at: float) -> float:
        return _LEFT + _WIDE * (at + 0.5) / max(len(found.points), 1)

    title = f"{found.metric} over {len(found.points)} runs"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="te-trend" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{escape(inline(title))}"><style>{_STYLE}</style>',
        f'<text class="head" x="8" y="22">{escape(inline(found.metric, 80))}</text>',
        *_grid(low, high, y),
        *_versions(found, x),
        f'<polyline class="path" points="{" ".join(f"{x(at):.1f},{y(p.figure.value):.1f}" for at, p in enumerate(found.points))}"/>',
    ]
    for at, point in enumerate(found.points):
        parts += _dot(point, x(at), y)
    parts += _dates(found, x)
    open_ = any(_open(point.figure) for point in found.points)
    across = "runs in order of time; 95 % intervals" + ("; light: what failed scores leave open" if open_ else "")
    parts.append(f'<text x="{_LEFT + _WIDE / 2}" y="{height - 8}" text-anchor="middle">{across}</text>')
    return "".join([*parts, "</svg>"])


def _ends(figures: list[RunFigure]) -> tuple[float, float]:
    """The axis: all that is drawn, a little air; a share never leaves 0..1."""
    drawn = [end for one in figures for end in (one.value, one.low, one.high, one.lower, one.upper) if end is not None]
    low, high = min(drawn), max(drawn)
    air = (high - low) * 0.08 or abs(high) * 0.1 or 0.1
    share = low >= 0 and high <= 1
    return (max(0.0, low - air), min(1.0, high + air)) if share else (low - air, high + air)


def _grid(low: float, high: float, y: Place) -> Iterator[str]:
    """Lines at round values, three to seven of them."""
    rough = (high - low) / 5
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(size * unit for size in (1, 2, 5, 10) if size * unit >= rough)
    for at in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        value = at * step
        yield f'<line class="grid" x1="{_LEFT}" x2="{_LEFT + _WIDE}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        yield f'<text x="{_LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{number(value, digits)}</text>'


def _versions(found: TrendReport, x: Place) -> Iterator[str]:
    """A line before the first run of each version, its name above; names that would meet stand lower."""
    reach = [0.0, 0.0]
    for at, point in enumerate(found.points):
        if not (point.new or at == 0) or not point.version:
            continue
        place, told = x(at - 0.5), inline(point.version, 24)
        row = 0 if place >= reach[0] else 1
        if point.new:
            yield f'<line class="version" x1="{place:.1f}" x2="{place:.1f}" y1="{_TOP - 8}" y2="{_TOP + _TALL}"/>'
        if place >= reach[row]:
            reach[row] = place + 7.0 * len(told) + 10
            yield f'<text class="name" x="{place + 4:.1f}" y="{_TOP - 26 + 14 * row}">{escape(told)}</text>'


def _dot(point: TrendPoint, x: float, y: Place) -> Iterator[str]:
    one = point.figure
    told = f"{point.run}, {point.version}: {number(one.value, 3)}, n {one.n:,}"
    yield f"<g><title>{escape(inline(told, 200))}</title>"
    if _open(one):
        top, tall = y(one.upper or 0.0), y(one.lower or 0.0) - y(one.upper or 0.0)
        yield f'<rect class="open" x="{x - 6:.1f}" y="{top:.1f}" width="12" height="{tall:.1f}" rx="2"/>'
    if one.low is not None and one.high is not None:
        yield f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{y(one.low):.1f}" y2="{y(one.high):.1f}"/>'
    yield f'<circle class="dot" cx="{x:.1f}" cy="{y(one.value):.1f}" r="4.5"/></g>'


def _open(one: RunFigure) -> bool:
    return one.lower is not None and one.upper is not None and one.upper > one.lower


def _dates(found: TrendReport, x: Place) -> Iterator[str]:
    """Of many runs every so manieth has its day, and the last always."""
    n = len(found.points)
    every = -(-n // _LABELS)
    for at, point in enumerate(found.points):
        if (n - 1 - at) % every == 0:
            day, time = point.created[:10], point.created[11:16]
            yield f'<text x="{x(at):.1f}" y="{_TOP + _TALL + 18}" text-anchor="middle">{escape(day)}</text>'
            yield f'<text x="{x(at):.1f}" y="{_TOP + _TALL + 32}" text-anchor="middle">{escape(time)}</text>'
