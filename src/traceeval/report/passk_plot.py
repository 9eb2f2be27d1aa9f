"""pass^k against k for one kind of cell, as SVG: its interval, what trials without memory would give, the baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from traceeval.measures.safe_text import escape, inline
from traceeval.model.replayed import BaselineRow, CellTable, Reliable
from traceeval.report._numbers import interval, number
from traceeval.report.replayed import KIND_NAMES

_LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH, _HEIGHT = 34, 104, 22, 40, 400, 250
_INSET, _APART = 24, 14  # of the curve from the axis; of two labels from each other, at least
Place = Callable[[float], float]


def passk_plot(table: CellTable, baselines: Sequence[BaselineRow] = ()) -> str:
    """Dots: pass^k. Band: 95 % interval. Dashed: worst and best case. Dotted: pass^1 to the power of k. Empty without a value."""
    known = [one for one in table.pass_hat if one.value is not None]
    if not known:
        return ""
    told = "; ".join(f"pass^{one.k} {number(one.value)} ({interval(one.low, one.high)})" for one in known)
    label = escape(inline(f"pass^k {KIND_NAMES[table.kind]}: {told}", 400))
    step = (_WIDTH - _LEFT - _RIGHT - 2 * _INSET) / max(len(known) - 1, 1)
    xs = [_LEFT + _INSET + place * step for place in range(len(known))]
    parts = [
        f'<svg class="passk" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">',
        *_axes(known, xs),
        *_baselines(table, baselines),
        *_curve(known, xs),
    ]
    return "".join([*parts, "</svg>"])


def _y(value: float) -> float:
    return _TOP + (1 - value) * (_HEIGHT - _TOP - _BOTTOM)


def _axes(known: Sequence[Reliable], xs: Sequence[float]) -> Iterator[str]:
    end = _WIDTH - _RIGHT
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield f'<line class="axis" x1="{_LEFT}" x2="{end}" y1="{_y(value):.1f}" y2="{_y(value):.1f}"/>'
        if value in (0.0, 0.5, 1.0):
            yield (
                f'<text class="soft" x="{_LEFT - 6}" y="{_y(value) + 4:.1f}" text-anchor="end">{number(value, 1)}</text>'
            )
    for one, x in zip(known, xs, strict=True):
        yield f'<text class="soft" x="{x:.1f}" y="{_HEIGHT - 22}" text-anchor="middle">{one.k}</text>'
    yield f'<text class="soft" x="{(_LEFT + end) / 2:.0f}" y="{_HEIGHT - 5}" text-anchor="middle">k trials, all of which pass</text>'


def _curve(known: Sequence[Reliable], xs: Sequence[float]) -> Iterator[str]:
    values = [(x, one, one.value) for x, one in zip(xs, known, strict=True) if one.value is not None]
    wide = [(x, one.low, one.high) for x, one, _ in values if one.low is not None and one.high is not None]
    ends = [*((x, high) for x, _, high in wide), *((x, low) for x, low, _ in reversed(wide))]
    yield f'<polygon class="band" points="{_points(ends)}"/>'
    for x, low, high in wide:
        yield f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(low):.1f}" y2="{_y(high):.1f}"/>'
    for end in ("worst", "best"):
        bound = [(x, found) for x, one, value in values if (found := getattr(one, end)) not in (None, value)]
        if bound:
            yield f'<polyline class="bound" points="{_points(bound)}"/>'
    first = values[0][2]
    yield f'<polyline class="alone" points="{_points([(x, first**one.k) for x, one, _ in values])}"/>'
    yield f'<polyline class="path" points="{_points([(x, value) for x, _, value in values])}"/>'
    for x, _, value in values:
        above = _y(value) - 9 if _y(value) > _TOP + 4 else _y(value) - 7
        yield f'<circle class="mean" cx="{x:.1f}" cy="{_y(value):.1f}" r="4.5"/>'
        yield f'<text class="value" x="{x:.1f}" y="{above:.1f}" text-anchor="middle">{number(value)}</text>'


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{_y(y):.1f}" for x, y in points)


def _baselines(table: CellTable, baselines: Sequence[BaselineRow]) -> Iterator[str]:
    """They ran the cells as written, and only there they are drawn; labels that would cover each other move down."""
    if table.kind != "as_written":
        return
    shares = sorted(((one.passed / one.scenarios, one.agent) for one in baselines if one.scenarios), reverse=True)
    last = float("-inf")
    for place, (share, agent) in enumerate(shares):
        room = (len(shares) - 1 - place) * _APART
        at = min(max(_y(share) + 4, last + _APART), max(_HEIGHT - _BOTTOM + 4 - room, last + _APART))
        last = at
        end = _WIDTH - _RIGHT
        yield f'<line class="baseline" x1="{_LEFT}" x2="{end}" y1="{_y(share):.1f}" y2="{_y(share):.1f}"/>'
        yield f'<text class="soft" x="{end + 6}" y="{at:.1f}">{escape(inline(agent, 12))} {number(share)}</text>'
