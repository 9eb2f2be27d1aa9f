"""The lost-in-the-middle curve as SVG: a dot per third of the context, its interval as a line."""

from __future__ import annotations

from traceeval.model import PositionCurve, PositionRow
from traceeval.report._numbers import percent, percents, plural

_LEFT, _WIDE, _TOP, _HIGH = 50, 150, 12, 150


def position_plot(curve: PositionCurve) -> str:
    """Share of facts used, 0 to 100 %, over first, middle and last third; how many facts and traces below each."""
    spoken = ", ".join(f"{row.third} third {percent(row.used.value)} of {row.used.n}" for row in curve.rows)
    width = _LEFT + _WIDE * len(curve.rows) + 10
    parts = [
        f'<svg class="curve" viewBox="0 0 {width} {_TOP + _HIGH + 52}" role="img" aria-label="Facts used: {spoken}">'
    ]
    for share in (0.0, 0.5, 1.0):
        y = _y(share)
        parts += [
            f'<line class="axis" x1="{_LEFT}" x2="{width - 10}" y1="{y:.1f}" y2="{y:.1f}"/>',
            f'<text class="soft" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{percent(share)}</text>',
        ]
    points = [(_x(at), row) for at, row in enumerate(curve.rows)]
    known = [f"{x},{_y(row.used.value):.1f}" for x, row in points if row.used.value is not None]
    parts.append(f'<polyline class="path" points="{" ".join(known)}"/>')
    for x, row in points:
        parts += _point(x, row)
    return "".join([*parts, "</svg>"])


def _point(x: int, row: PositionRow) -> list[str]:
    used, base = row.used, _TOP + _HIGH
    drawn = [
        f'<text class="name" x="{x}" y="{base + 20}" text-anchor="middle">{row.third} third</text>',
        f'<text class="soft" x="{x}" y="{base + 38}" text-anchor="middle">'
        f"{plural(used.n, 'fact')}, {plural(row.traces, 'trace')}</text>",
    ]
    if used.value is None or used.low is None or used.high is None:
        return drawn
    return [
        *drawn,
        f'<line class="whisker" x1="{x}" x2="{x}" y1="{_y(used.high):.1f}" y2="{_y(used.low):.1f}"/>',
        f'<circle class="mean" cx="{x}" cy="{_y(used.value):.1f}" r="5"/>',
        f'<text class="value" x="{x + 12}" y="{_y(used.value) + 4:.1f}">{percent(used.value)} '
        f'<tspan class="soft">{percents(used.low, used.high)}</tspan></text>',
    ]


def _x(at: int) -> int:
    return _LEFT + _WIDE * at + _WIDE // 3


def _y(share: float) -> float:
    return _TOP + _HIGH * (1 - share)
