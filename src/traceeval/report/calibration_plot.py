"""How far a calibration can be trusted, as one SVG: said against true, and accuracy against what is deferred."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import escape
from traceeval.model import Calibration
from traceeval.report._numbers import number
from traceeval.report._style import BLUE, plot_style

_SIDE, _LEFT, _TOP, _GAP = 220, 52, 40, 84
_STYLE = plot_style(
    "te-cal",
    ".te-cal text{fill:var(--soft)}.te-cal .head{fill:var(--ink);font-weight:600}.te-cal .grid{stroke:var(--line)}"
    ".te-cal .even{stroke:var(--soft);stroke-dasharray:4 4}.te-cal .dot{fill:var(--dot)}"
    ".te-cal .whisker,.te-cal .curve{stroke:var(--dot);fill:none;stroke-width:1.5}",
    dot=BLUE,
)


def calibration_plot(made: Calibration) -> str:
    """Two panels; every point is leave-one-out. A dot's area grows with its labels, whiskers are 95 % (Wilson)."""
    width, height = 2 * (_LEFT + _SIDE) + _GAP + 16, _TOP + _SIDE + 58
    head = f"{made.checker}, {made.labels} labels, {made.state.replace('_', ' ')}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="te-cal" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{escape(f"Calibration of {head}")}"><style>{_STYLE}</style>',
        *_frame(_LEFT, "Said against true", "probability said", "share supported"),
        f'<line class="even" x1="{_LEFT}" y1="{_TOP + _SIDE}" x2="{_LEFT + _SIDE}" y2="{_TOP}"/>',
        *_reliability(made),
        *_frame(2 * _LEFT + _SIDE + _GAP - 8, "Accuracy on the rest", "share deferred", "accuracy"),
        *_risk(made, 2 * _LEFT + _SIDE + _GAP - 8),
        f'<text x="{_LEFT}" y="{height - 6}">{escape(head)}</text></svg>',
    ]
    return "".join(parts)


def _frame(left: float, title: str, across: str, up: str) -> Iterator[str]:
    yield f'<text class="head" x="{left}" y="22">{title}</text>'
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = left + share * _SIDE, _TOP + (1 - share) * _SIDE
        yield f'<line class="grid" x1="{left}" x2="{left + _SIDE}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_TOP + _SIDE}"/>'
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{number(share)}</text>'
        yield f'<text x="{x:.1f}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{number(share)}</text>'
    yield f'<text x="{left + _SIDE / 2}" y="{_TOP + _SIDE + 32}" text-anchor="middle">{across}</text>'
    middle = _TOP + _SIDE / 2
    yield f'<text x="{left - 38}" y="{middle}" transform="rotate(-90 {left - 38} {middle})" text-anchor="middle">{up}</text>'


def _reliability(made: Calibration) -> Iterator[str]:
    for one in made.reliability:
        x, y = _LEFT + one.mean * _SIDE, _TOP + (1 - one.share) * _SIDE
        size = 3 + 9 * (one.n / made.labels) ** 0.5
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"><title>{one.n} labels</title></circle>'


def _risk(made: Calibration, left: float) -> Iterator[str]:
    known = [row for row in made.risk_coverage if row.accuracy is not None]
    at = [(left + row.deferred * _SIDE, _TOP + (1 - (row.accuracy or 0.0)) * _SIDE) for row in known]
    yield f'<polyline class="curve" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in at)}"/>'
    for row, (x, y) in zip(known, at, strict=True):
        if row.low is not None and row.high is not None:
            ends = [_TOP + (1 - end) * _SIDE for end in (row.low, row.high)]
            yield f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{ends[0]:.1f}" y2="{ends[1]:.1f}"/>'
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{row.n} labels</title></circle>'
