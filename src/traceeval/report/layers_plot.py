"""The layers a release rests on as one SVG: how each stands, how old it is, how much of it was measured, its limits.

States differ in shape and word, never in colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import escape
from traceeval.model.release import ReleaseDecision, Standing
from traceeval.report._numbers import number, percent
from traceeval.report._style import plot_style
from traceeval.report.release import TITLES, limits_told

WIDTH, ROW, TOP, BAR = 860, 44, 48, 150
_AGE, _COVERAGE, _LIMITS = 300, 530, 740
_STYLE = plot_style(
    "te-layers",
    ".te-layers text{fill:var(--ink)}.te-layers .soft{fill:var(--soft);font-size:12px}.te-layers .name{font-weight:600}"
    ".te-layers .plate{fill:none;stroke:var(--line)}.te-layers .track{fill:var(--line)}.te-layers .limit{stroke:var(--ink)}"
    ".te-layers .s-holds .mark{fill:var(--holds)}.te-layers .s-fails .mark{fill:var(--fails)}"
    ".te-layers .s-open .mark{fill:none;stroke:var(--open);stroke-width:2}.te-layers .s-waived .mark{fill:var(--soft)}"
    ".te-layers .fill{fill:var(--soft)}.te-layers .over{fill:var(--fails)}",
    size=13,
    holds=("#2c6e3f", "#7ec48f"),
    fails=("#a8281a", "#f08a7a"),
    open=("#8a5a00", "#e0b25c"),
)
_MARKS = {
    "holds": '<circle class="mark" cx="0" cy="0" r="7"/>',
    "fails": '<path class="mark" d="M-7 -7h14v14h-14z"/>',
    "open": '<path class="mark" d="M0 -8l8 8l-8 8l-8 -8z"/>',
    "waived": '<path class="mark" d="M-8 -2h16v4h-16z"/>',
}


def layers_plot(found: ReleaseDecision) -> str:
    """A plate a layer. Its age on a scale up to what is allowed, what was measured of it, and its limits."""
    height = TOP + ROW * len(found.layers) + 8
    told = "; ".join(f"{TITLES[one.layer]} {one.state}" for one in found.layers)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="te-layers" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{escape(f"{found.answer}: {told}")}"><style>{_STYLE}</style>',
        *_heads(),
    ]
    for place, stand in enumerate(found.layers):
        parts += _plate(stand, TOP + place * ROW)
    return "".join([*parts, "</svg>"])


def _heads() -> Iterator[str]:
    for x, text in (
        (24, "layer"),
        (_AGE, "age, of what is allowed"),
        (_COVERAGE, "measured, least"),
        (_LIMITS, "gate"),
    ):
        yield f'<text class="soft" x="{x}" y="30">{text}</text>'


def _plate(stand: Standing, y: int) -> Iterator[str]:
    middle = y + (ROW - 6) // 2
    yield f'<g class="s-{stand.state}"><rect class="plate" x="8" y="{y}" width="{WIDTH - 16}" height="{ROW - 6}" rx="6"/>'
    yield f'<g transform="translate(30 {middle})">{_MARKS[stand.state]}</g>'
    yield f'<text class="name" x="50" y="{middle + 5}">{TITLES[stand.layer]}</text>'
    yield f'<text x="190" y="{middle + 5}">{stand.state}</text>'
    yield from _age(stand, middle)
    yield from _coverage(stand, middle)
    yield f'<text class="soft" x="{_LIMITS}" y="{middle + 5}">{escape(limits_told(stand))}</text></g>'


def _age(stand: Standing, y: int) -> Iterator[str]:
    """The oldest piece of evidence; over what is allowed the bar is full and of another colour, and the text says so."""
    ages = [row.age_days for row in stand.evidence if row.age_days is not None]
    if not ages or stand.max_age_days is None:
        yield _none(_AGE, y, stand)
        return
    oldest = max(ages)
    over = oldest > stand.max_age_days
    text = f"{number(oldest, 1)} of {number(stand.max_age_days, 0)} days{', too old' if over else ''}"
    yield from _bar(_AGE, y, min(max(oldest, 0.0) / stand.max_age_days, 1.0), text, over=over)


def _coverage(stand: Standing, y: int) -> Iterator[str]:
    """The least measured piece of evidence, against the least that is asked for."""
    shares = [row.coverage for row in stand.evidence if row.coverage is not None]
    if not shares or stand.min_coverage is None:
        yield _none(_COVERAGE, y, stand)
        return
    least = min(shares)
    text = f"{percent(least)}, least {percent(stand.min_coverage)}"
    yield from _bar(_COVERAGE, y, least, text, over=least < stand.min_coverage)
    at = _COVERAGE + stand.min_coverage * BAR
    yield f'<line class="limit" x1="{at:.1f}" x2="{at:.1f}" y1="{y - 14}" y2="{y - 2}"/>'


def _bar(x: int, y: int, share: float, text: str, *, over: bool) -> Iterator[str]:
    yield f'<rect class="track" x="{x}" y="{y - 11}" width="{BAR}" height="6" rx="3"/>'
    yield f'<rect class="{"over" if over else "fill"}" x="{x}" y="{y - 11}" width="{share * BAR:.1f}" height="6" rx="3"/>'
    yield f'<text class="soft" x="{x}" y="{y + 11}">{escape(text)}</text>'


def _none(x: int, y: int, stand: Standing) -> str:
    told = "does not arise" if stand.evidence or stand.waived else "no evidence"
    return f'<text class="soft" x="{x}" y="{y + 5}">{told}</text>'
