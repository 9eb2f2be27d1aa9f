"""Small plots drawn as SVG by hand: classes only, so that the page's style decides light and dark."""

from __future__ import annotations

from traceeval.model import Aggregate, Waterfall
from traceeval.report._numbers import number

_WIDTH = 160


def coverage_bar(aggregate: Aggregate) -> str:
    """Mean as a dot, bounds as a bar, the 95 % interval as a line, on 0..1."""
    if aggregate.mean is None and aggregate.lower is None:
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


def waterfall_plot(fall: Waterfall) -> str:
    """Stages from the ideal down to the prompt, each bar beginning where the one before ended."""
    terms = (
        ("ideal", None),
        ("retrieval", fall.retrieval),
        (fall.middle, fall.rerank),
        ("assembly", fall.assembly),
        ("in the prompt", None),
    )
    left, width, row = 110, 420, 30
    parts = [
        f'<svg class="fall" viewBox="0 0 {left + width + 70} {row * len(terms) + 6}" role="img" '
        f'aria-label="Loss waterfall: {", ".join(f"{name} {number(value, 3)}" for name, value in terms if value is not None)}">'
    ]
    at = 1.0
    for place, (name, value) in enumerate(terms):
        y = 4 + place * row
        begin, end = (0.0, at) if value is None else (min(at, at - value), max(at, at - value))
        kind = "whole" if value is None else "loss" if value >= 0 else "gain"
        told = number(at, 3) if value is None else f"{'−' if value >= 0 else '+'}{number(abs(value), 3)}"
        parts += [
            f'<text class="name" x="{left - 10}" y="{y + 16}" text-anchor="end">{name}</text>',
            f'<rect class="{kind}" x="{left + width * begin:.1f}" y="{y}" width="{max(width * (end - begin), 1):.1f}" height="22" rx="2"/>',
            f'<text class="value" x="{left + width * end + 8:.1f}" y="{y + 16}">{told}</text>',
        ]
        at -= value or 0.0
    return "".join([*parts, "</svg>"])
