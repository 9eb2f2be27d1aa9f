"""Stated confidence as lines of plain text, and as a plot: said against true."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.interval import wilson
from traceeval.measures.safe_text import escape, inline
from traceeval.model import ConfidenceFigures, ConfidenceReport
from traceeval.report._numbers import number, percent, plural
from traceeval.report._style import BLUE, plot_style
from traceeval.report.comparison import chance

SIDE, LEFT, TOP = 240, 52, 40
_STYLE = plot_style(
    "te-conf",
    ".te-conf text{fill:var(--soft)}.te-conf .head{fill:var(--ink);font-weight:600}.te-conf .grid{stroke:var(--line)}"
    ".te-conf .even{stroke:var(--soft);stroke-dasharray:4 4}.te-conf .dot{fill:var(--dot)}.te-conf .whisker{stroke:var(--dot)}",
    dot=BLUE,
)


_VERDICTS = {
    "overconfident": "OVERCONFIDENT: more is promised than kept",
    "underconfident": "UNDERCONFIDENT: more is kept than promised",
    "uneven": "UNEVEN: right in the mean, and off in parts of the scale",
    "believable": "nothing shows that what is said is not so",
}


def confidence_lines(report: ConfidenceReport) -> Iterator[str]:
    """How often confidence is stated, what it is worth, and who was sure and wrong."""
    yield f"{plural(report.answers, 'answer')} with a known end result; {report.stated:,} state how sure they are"
    if not report.stated:
        yield "not_applicable: no confidence is stated"
    for one in report.figures:
        yield from _figures(one)
    for wrong in report.overconfident:
        told = inline(wrong.title or wrong.trace, 80)
        yield f"sure and wrong: {percent(wrong.stated)} ({wrong.by}): {told}"


def _figures(one: ConfidenceFigures) -> Iterator[str]:
    if one.verdict is not None:
        yield f"{_VERDICTS[one.verdict]} (p {chance(one.p)} if what is said were true)"
    lean = one.overconfidence or 0.0
    word = "promises more than it keeps" if lean > 0 else "keeps more than it promises"
    yield f"by {one.by}, {plural(one.n, 'answer')}: stated {number(one.mean)}, right {number(one.right)}; {word} by {number(abs(lean))}"
    ece = "undefined: insufficient (under 50)" if one.ece is None else number(one.ece, 3)
    yield f"  Brier {number(one.brier, 3)}, skill {number(one.skill)}, ECE {ece}, AUROC {number(one.auroc)}, AURC {number(one.aurc, 3)}"
    if one.reliability is not None:
        parts = number(one.reliability, 3), number(one.resolution, 3), number(one.uncertainty, 3)
        yield f"  of Brier: reliability {parts[0]}, resolution {parts[1]}, uncertainty {parts[2]}"


def confidence_plot(report: ConfidenceReport) -> str:
    """A panel a way of saying it; a dot a bin of answers, its whisker the 95 % interval of how many were right."""
    width = LEFT + (SIDE + 70) * max(len(report.figures), 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="te-conf" viewBox="0 0 {width} {TOP + SIDE + 50}" width="{width}" '
        f'height="{TOP + SIDE + 50}" role="img" aria-label="Stated confidence against outcome"><style>{_STYLE}</style>'
    ]
    for place, one in enumerate(report.figures):
        parts += _panel(one, LEFT + place * (SIDE + 70))
    return "".join([*parts, "</svg>"])


def _panel(one: ConfidenceFigures, left: int) -> Iterator[str]:
    yield f'<text class="head" x="{left}" y="22">{escape(f"Stated by {one.by}, {one.n} answers")}</text>'
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = left + share * SIDE, TOP + (1 - share) * SIDE
        yield f'<line class="grid" x1="{left}" x2="{left + SIDE}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{number(share)}</text>'
        yield f'<text x="{x:.1f}" y="{TOP + SIDE + 16}" text-anchor="middle">{number(share)}</text>'
    yield f'<line class="even" x1="{left}" y1="{TOP + SIDE}" x2="{left + SIDE}" y2="{TOP}"/>'
    yield f'<text x="{left + SIDE / 2}" y="{TOP + SIDE + 34}" text-anchor="middle">stated; right upwards</text>'
    for bin_ in one.bins:
        low, high = wilson(bin_.share * bin_.n, bin_.n) or (bin_.share, bin_.share)
        x = left + bin_.mean * SIDE
        yield f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP + (1 - high) * SIDE:.1f}" y2="{TOP + (1 - low) * SIDE:.1f}"/>'
        yield f'<circle class="dot" cx="{x:.1f}" cy="{TOP + (1 - bin_.share) * SIDE:.1f}" r="4"><title>{bin_.n} answers</title></circle>'
