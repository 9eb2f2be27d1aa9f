"""One trace as inline SVG: what happened, what read what, and where the findings are.

Presentation attributes and classes only: it stands under a policy that forbids scripts and inline styles. A drawing of
its own carries a style sheet for light and dark; inside our page the page's style sheet does that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate, chain
from unicodedata import east_asian_width

from traceeval.graph import TraceGraph
from traceeval.measures.safe_text import escape, inline
from traceeval.model import Finding
from traceeval.report._layout import Layout, Link, Place, lay_out
from traceeval.report._numbers import plural, seconds
from traceeval.report._shapes import LETTERS, PATHS
from traceeval.report._shown import Shown, choose, flagged
from traceeval.report._steps import duration
from traceeval.report._style import DRAWING

Say = Callable[[str], str]
WIDTH, HEIGHT, GUTTER, GAP, MARGIN = 156, 46, 26, 34, 12
_EM = 12
_LANES = {"parent": 0, "data": 7, "evidence": -7}
_ENTRY = {"parent": 0, "data": 12, "evidence": -8}


def draw(
    graph: TraceGraph,
    findings: Iterable[Finding] = (),
    *,
    case: int = 0,
    shown: Shown | None = None,
    alone: bool = True,
    say: Say = str,
) -> str:
    """The trace as one ``<svg>`` element.

    Args:
        graph: the trace.
        findings: marked on the spans they are about, with dotted edges from their evidence.
        case: number of the trace on its page; shapes link to ``#span-<case>-<seq>``.
        shown: the spans to draw, where the caller chose them already.
        alone: carry a style sheet and be a document; False inside a page that has one.
        say: how words of ours are said there: kinds, times, what an edge means.
    """
    marks = tuple(findings)
    shown = shown or choose(graph, flagged(marks))
    layout = lay_out(graph, shown, marks)
    width = MARGIN * 2 + GUTTER + layout.columns * (WIDTH + GUTTER) - GUTTER
    height = MARGIN * 2 + layout.rows * (HEIGHT + GAP) - GAP + GAP // 2
    label = escape(say(f"Graph of {plural(len(shown.spans), 'span')}; {shown.total - len(shown.spans)} folded"))
    parts = chain(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="te-graph" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="group" aria-label="{label}">',
            f"<style>{DRAWING}</style>" if alone else "",
        ),
        _edges(layout, say),
        _cards(layout, shown, _worst(marks, shown), case, say),
        ("</svg>",),
    )
    return "".join(parts)


def anchor(case: int, seq: int) -> str:
    """The id of a span on its page: numbers only, never a name out of the trace."""
    return f"span-{case}-{seq}"


def _worst(findings: Iterable[Finding], shown: Shown) -> Mapping[str, tuple[Finding, ...]]:
    found: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: (one.state != "defect", -one.severity, one.code)):
        home = shown.home.get(finding.subject.span or "") or (shown.spans[0].id if shown.spans else None)
        if home is not None:
            found.setdefault(home, []).append(finding)
    return {home: tuple(several) for home, several in found.items()}


def _corner(place: Place) -> tuple[int, int]:
    return MARGIN + GUTTER + place.column * (WIDTH + GUTTER), MARGIN + place.row * (HEIGHT + GAP)


def _edges(layout: Layout, say: Say) -> Iterator[str]:
    places = {place.span.id: place for place in layout.places}
    for link in sorted(layout.links, key=lambda link: ("parent", "data", "evidence").index(link.kind)):
        source, target = places[link.source], places[link.target]
        title = escape(f"{say(link.kind)}: {inline(source.span.name, 40)} → {inline(target.span.name, 40)}")
        yield f'<path class="te-edge te-{link.kind}" d="{_route(link, source, target)}"><title>{title}</title></path>'
        if link.kind != "parent":
            x, y = _corner(target)
            tip = x + 14 + _ENTRY[link.kind]
            yield f'<path class="te-tip te-{link.kind}" d="M{tip - 4} {y - 7}h8l-4 7z"/>'


def _route(link: Link, source: Place, target: Place) -> str:
    """Down from the source, along the gap, through the gutter left of the target, along the gap above it, and in."""
    (ax, ay), (bx, by) = _corner(source), _corner(target)
    lane, entry = _LANES[link.kind], _ENTRY[link.kind]
    start, end = ax + 14 + entry, bx + 14 + entry
    below, above = ay + HEIGHT + GAP // 2 + lane, by - GAP // 2 + lane
    if target.row == source.row + 1:
        return f"M{start} {ay + HEIGHT}V{below}H{end}V{by}"
    return f"M{start} {ay + HEIGHT}V{below}H{bx - GUTTER // 2 + lane}V{above}H{end}V{by}"


def _cards(
    layout: Layout, shown: Shown, findings: Mapping[str, tuple[Finding, ...]], case: int, say: Say
) -> Iterator[str]:
    for place in layout.places:
        span = place.span
        x, y = _corner(place)
        marks = findings.get(span.id, ())
        kind = span.kind.value
        classes = f"te-span te-k-{kind}" + (" te-error" if span.error else "") + (" te-found" if marks else "")
        yield f'<a href="#{anchor(case, span.seq)}" class="{classes}">'
        yield f"<title>{escape(_title(place, marks, shown, say))}</title>"
        yield f'<rect class="te-card" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        yield f'<path class="te-shape" transform="translate({x + 8} {y + 9})" d="{PATHS[span.kind]}"/>'
        yield f'<text class="te-letter" x="{x + 22}" y="{y + 27}" text-anchor="middle">{LETTERS[span.kind]}</text>'
        yield f'<svg x="{x + 42}" y="{y}" width="{WIDTH - 48}" height="{HEIGHT}">'
        yield f'<text class="te-name" x="0" y="20">{escape(_fitting(inline(span.name or say(kind), 32)))}</text>'
        yield f'<text class="te-note" x="0" y="36">{escape(_note(place, say))}</text></svg>'
        yield from _badges(x, y, marks, shown.hidden.get(span.id, 0))
        yield "</a>"


def _fitting(name: str) -> str:
    """As much of a name as a card is wide, with an ellipsis; its title has the whole."""
    widths = list(accumulate(_width(char) for char in name))
    if not widths or widths[-1] <= WIDTH - 48:
        return name
    return name[: sum(at <= WIDTH - 48 - _EM for at in widths)].rstrip() + "…"


def _width(char: str) -> float:
    """A little more than a character takes in the card's bold type."""
    if east_asian_width(char) in "WF":
        return 1.05 * _EM
    if char in "iIjlftr.,:;|()[] ":
        return 0.47 * _EM
    return _EM * (1.15 if char in "MWmw@%—" else 0.8 if char.isupper() else 0.72)


def _note(place: Place, say: Say) -> str:
    span = place.span
    parts = (span.kind.value, "error" if span.error else seconds(duration(span)))
    return " · ".join(say(part) for part in parts if part != "—")


def _badges(x: int, y: int, marks: tuple[Finding, ...], hidden: int) -> Iterator[str]:
    if marks:
        worst = marks[0]
        severity = str(worst.severity) if worst.state == "defect" else "?"
        yield f'<g class="te-badge te-s{worst.severity if worst.state == "defect" else 0}">'
        yield f'<circle cx="{x + WIDTH - 4}" cy="{y + 3}" r="9"/>'
        yield f'<text x="{x + WIDTH - 4}" y="{y + 7}" text-anchor="middle">{severity}</text></g>'
    if hidden:
        yield f'<text class="te-more" x="{x + WIDTH - 6}" y="{y + HEIGHT - 5}" text-anchor="end">+{hidden}</text>'


def _title(place: Place, marks: tuple[Finding, ...], shown: Shown, say: Say) -> str:
    span = place.span
    lines = [f"{say(span.kind.value)}: {inline(span.name, 120)}"]
    if (time := duration(span)) is not None:
        lines.append(say(seconds(time)))
    if span.error:
        lines.append(inline(f"{say('error')}: {span.error.message or span.error.type or 'no text'}", 160))
    lines += [f"severity {one.severity}, {one.state}: {one.code}: {inline(one.text, 160)}" for one in marks[:6]]
    if hidden := shown.hidden.get(span.id):
        lines.append(plural(hidden, "folded span"))
    return "\n".join(lines)
