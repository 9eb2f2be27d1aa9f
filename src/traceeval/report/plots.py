"""Small plots drawn as SVG by hand: classes only, so that the page's style decides light and dark."""

from __future__ import annotations

from traceeval.measures.safe_text import escape, inline
from traceeval.model import Aggregate, Waterfall
from traceeval.report._fall import fall_rows
from traceeval.report._numbers import number

_WIDTH = 160


def coverage_bar(aggregate: Aggregate) -> str:
    """Mean as a dot, bounds as a bar, the 95 % interval as a line, on 0..1; nothing where a part would lie below 0."""
    known = [value for value in (aggregate.mean, aggregate.lower, aggregate.low) if value is not None]
    if (aggregate.mean is None and aggregate.lower is None) or min(known) < 0:
        return ""
    low, high = _x(aggregate.lower), _x(aggregate.upper)
    parts = [
        f'<svg class="bar" viewBox="0 0 {_WIDTH} 18" width="{_WIDTH}" height="18" role="img" aria-label="{_spoken(aggregate)}">',
        f'<line class="axis" x1="2" x2="{_WIDTH - 2}" y1="9" y2="9"/>',
        f'<rect class="bounds" x="{low:.1f}" y="5" width="{max(high - low, 1.5):.1f}" height="8" rx="2"/>',
    ]
    if aggregate.low is not None and aggregate.high is not None:
        parts.append(
            f'<line class="whisker" x1="{_x(aggregate.low):.1f}" x2="{_x(aggregate.high):.1f}" y1="9" y2="9"/>'
        )
    if aggregate.mean is not None:
        parts.append(f'<circle class="mean" cx="{_x(aggregate.mean):.1f}" cy="9" r="4"/>')
    return "".join([*parts, "</svg>"])


def _x(value: float | None) -> float:
    return 4 + (_WIDTH - 8) * min(max(value or 0.0, 0.0), 1.0)


def _spoken(aggregate: Aggregate) -> str:
    return f"mean {number(aggregate.mean)}, bounds {number(aggregate.lower)} to {number(aggregate.upper)}"


_LEFT, _SPAN, _ROW = 130, 420, 30


def waterfall_plot(fall: Waterfall) -> str:
    """Stages from the ideal down to the prompt, each bar beginning where the one before ended; parts of one below it."""
    *rows, _ = fall_rows(fall)
    told = ", ".join(f"{inline(name, 40)} {number(value, 3)}" for _, name, value in rows)
    parts = [
        f'<svg class="fall" viewBox="0 0 {_LEFT + _SPAN + 70} {_ROW * (len(rows) + 2) + 6}" role="img" '
        f'aria-label="{escape(f"Loss waterfall: {told}")}">',
        *_bar(0, "ideal", 0.0, 1.0, "whole", number(1.0, 3)),
    ]
    ends = [1.0, 1.0, 1.0]  # where the next bar of each depth begins
    for place, (depth, name, value) in enumerate(rows, 1):
        at, loss = ends[depth], value or 0.0
        kind = "loss" if loss >= 0 else "gain"
        sign = "\N{MINUS SIGN}" if loss >= 0 else "+"
        parts += _bar(
            place, name, at, at - loss, f"{kind} part{depth}" if depth else kind, f"{sign}{number(abs(loss), 3)}"
        )
        ends[depth:] = [at - loss] + [at] * (2 - depth)
    parts += _bar(len(rows) + 1, "in the prompt", 0.0, ends[0], "whole", number(ends[0], 3))
    return "".join([*parts, "</svg>"])


def _bar(place: int, name: str, begin: float, end: float, kind: str, told: str) -> list[str]:
    low, high = min(begin, end), max(begin, end)
    y, thin = 4 + place * _ROW, 6 if "part" in kind else 0
    return [
        f'<text class="name" x="{_LEFT - 10}" y="{y + 16}" text-anchor="end">{escape(inline(name, 18))}</text>',
        f'<rect class="{kind}" x="{_LEFT + _SPAN * low:.1f}" y="{y + thin / 2:g}" '
        f'width="{max(_SPAN * (high - low), 1):.1f}" height="{22 - thin}" rx="2"/>',
        f'<text class="value" x="{_LEFT + _SPAN * high + 8:.1f}" y="{y + 16}">{told}</text>',
    ]
