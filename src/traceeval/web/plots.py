"""Small drawings for dashboards, as SVG with classes only: the stylesheet decides light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor

from traceeval.measures.safe_text import escape, inline
from traceeval.web.words import decimal, point

WIDTH, LEFT, RIGHT, ROW, TICK = 640, 190, 84, 30, 40
Words = Callable[..., str]
ORDER = ("resolved", "adjudicating", "disputed", "in_review", "queued", "blocked", "indeterminate", "withdrawn")


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its interval on a row. None: undefined, and said so by ``note``."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    note: str = ""


def progress(counts: Mapping[str, int], t: Words) -> str:
    """Items by state as one bar, each part named and counted below it, in the words of ``t``."""
    total = sum(counts.values())
    known = [(state, counts.get(state, 0)) for state in ORDER if counts.get(state, 0)]
    told = ", ".join(f"{count} {t(f'state.{state}')}" for state, count in known) or t("plot.nothing")
    parts = [
        f'<svg class="plot progress" viewBox="0 0 {WIDTH} 18" preserveAspectRatio="none" role="img" aria-label="{escape(told)}">'
    ]
    at = 0.0
    for state, count in known:
        wide = WIDTH * count / total
        parts.append(
            f'<rect class="p-{state}" x="{at:.1f}" y="0" width="{max(wide - 1, 0.5):.1f}" height="18">'
            f"<title>{count} {escape(t(f'state.{state}'))}</title></rect>"
        )
        at += wide
    return "".join([*parts, "</svg>"])


def intervals(bars: Sequence[Bar], t: Words, *, title: str, marks: Iterable[float] = ()) -> str:
    """Values as dots with 95 % intervals as lines, on 0..1 or from the least that is drawn; ``marks``: dashed lines.

    ``title``: a key of ``t``, which says it in the reader's language.
    """
    low = _begin(bars)
    height = ROW * len(bars) + 34
    span = WIDTH - LEFT - RIGHT

    def x(value: float) -> float:
        return LEFT + span * (min(value, 1.0) - low) / (1.0 - low)

    told = "; ".join(f"{inline(bar.name, 60)} {decimal(bar.value, t) or t('reading.undefined')}" for bar in bars)
    parts = [
        f'<svg class="plot intervals" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(f"{t(title)}: {told}")}">'
    ]
    ticks = sorted({low, 0.0, *marks, 1.0})
    for mark, following in pairwise([*ticks, float("inf")]):
        kind = "axis" if mark in (low, 0.0, 1.0) else "threshold"
        anchor = "end" if following < 1 and x(following) - x(mark) < TICK else "middle"
        parts.append(f'<line class="{kind}" x1="{x(mark):.1f}" x2="{x(mark):.1f}" y1="6" y2="{height - 24}"/>')
        parts.append(
            f'<text class="tick" x="{x(mark):.1f}" y="{height - 8}" text-anchor="{anchor}">{point(f"{mark:g}", t)}</text>'
        )
    for at, bar in enumerate(bars):
        parts.extend(_row(bar, 6 + at * ROW + ROW / 2, x, t))
    return "".join([*parts, "</svg>"])


def _begin(bars: Sequence[Bar]) -> float:
    """Where the axis begins: at 0, or at the tenth below what is drawn left of it."""
    drawn = (end for bar in bars for end in (bar.value, bar.low) if bar.value is not None and end is not None)
    return min(0.0, floor(10 * min(drawn, default=0.0)) / 10)


def _row(bar: Bar, y: float, place: Callable[[float], float], t: Words) -> Iterable[str]:
    name = f"{escape(inline(bar.name, 20))}<title>{escape(inline(bar.name))}</title>"
    yield f'<text class="name" x="{LEFT - 12}" y="{y + 4:.0f}" text-anchor="end">{name}</text>'
    if bar.value is None:
        yield f'<text class="value" x="{LEFT + 8}" y="{y + 4:.0f}">{escape(inline(bar.note or t("reading.undefined"), 60))}</text>'
        return
    if bar.low is not None and bar.high is not None:
        yield f'<line class="whisker" x1="{place(bar.low):.1f}" x2="{place(bar.high):.1f}" y1="{y:.0f}" y2="{y:.0f}"/>'
    yield f'<circle class="dot" cx="{place(bar.value):.1f}" cy="{y:.0f}" r="5"/>'
    yield f'<text class="value" x="{WIDTH - RIGHT + 14}" y="{y + 4:.0f}">{decimal(bar.value, t)}</text>'
