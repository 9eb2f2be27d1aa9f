"""A judge against people, as one SVG: how often each of its verdicts met each of theirs, the diagonal where both say the same."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import escape, inline
from traceeval.model import Agreeing
from traceeval.report._numbers import interval, number
from traceeval.report._style import BLUE, plot_style

_CELL, _LEFT, _TOP = 56, 96, 64
_STYLE = plot_style(
    "te-agree",
    ".te-agree text{fill:var(--ink)}.te-agree .soft{fill:var(--soft)}.te-agree .head{font-weight:600;font-size:14px}"
    ".te-agree .cell{fill:var(--cell);stroke:var(--line)}.te-agree .same{fill:none;stroke:var(--ink);stroke-width:2}",
    cell=BLUE,
)
_ORDER = ("a", "tie", "both_bad", "b")


def agreement_plot(agreed: Agreeing, judge: str) -> str:
    """Shade: the share of people's verdicts of a row. The count stands in the cell."""
    names = sorted({*agreed.counts, *(name for row in agreed.counts.values() for name in row)}, key=_place)
    side = _CELL * max(len(names), 1)
    width, height = max(_LEFT + side + 24, 420), _TOP + side + 52
    kappa = f"kappa {number(agreed.kappa.value)} ({interval(agreed.kappa.low, agreed.kappa.high)}), n = {agreed.n}"
    title = f"{inline(judge, 40)} on {inline(agreed.criterion or 'preference', 30)}"
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="te-agree" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-label="{escape(f"{title}: {kappa}")}"><style>{_STYLE}</style>',
            f'<text class="head" x="8" y="22">{escape(title)}</text><text class="soft" x="8" y="42">{kappa}</text>',
            *_cells(agreed, names),
            f'<text class="soft" x="{_LEFT + side / 2}" y="{height - 8}" text-anchor="middle">judge</text>',
            f'<text class="soft" x="18" y="{_TOP + side / 2}" text-anchor="middle" '
            f'transform="rotate(-90 18 {_TOP + side / 2})">people</text></svg>',
        ]
    )


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name), "") if name in _ORDER else (len(_ORDER), name)


def _cells(agreed: Agreeing, names: list[str]) -> Iterator[str]:
    bottom = _TOP + _CELL * len(names)
    for down, people in enumerate(names):
        row = agreed.counts.get(people, {})
        total = sum(row.values())
        y = _TOP + down * _CELL
        yield f'<text x="{_LEFT - 10}" y="{y + _CELL / 2 + 4}" text-anchor="end">{escape(inline(people, 12))}</text>'
        for across, said in enumerate(names):
            x, n = _LEFT + across * _CELL, row.get(said, 0)
            shade = 0.85 * n / total if total else 0.0
            yield f'<rect class="cell" fill-opacity="{shade:.2f}" x="{x}" y="{y}" width="{_CELL}" height="{_CELL}"/>'
            if down == across:
                yield f'<rect class="same" x="{x + 2}" y="{y + 2}" width="{_CELL - 4}" height="{_CELL - 4}"/>'
            yield f'<text x="{x + _CELL / 2}" y="{y + _CELL / 2 + 4}" text-anchor="middle">{n}</text>'
    for across, said in enumerate(names):
        at = _LEFT + across * _CELL + _CELL / 2
        yield f'<text x="{at}" y="{bottom + 18}" text-anchor="middle">{escape(inline(said, 10))}</text>'
