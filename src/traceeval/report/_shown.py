"""Which spans of a trace are drawn, and where the others went. Iterative: a hostile trace may be 5,000 spans deep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from traceeval.graph import TraceGraph
from traceeval.model import Finding, Span

LIMIT = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """The drawn spans, depth first. Plumbing is left out; above the limit subtrees are folded into their root.

    ``parent``, ``depth``: among drawn spans. ``home``: span id -> the drawn span that stands for it.
    ``hidden``: drawn span id -> spans folded into it. ``total``: spans that are not plumbing.
    """

    spans: tuple[Span, ...]
    parent: Mapping[str, str | None]
    depth: Mapping[str, int]
    home: Mapping[str, str]
    hidden: Mapping[str, int]
    total: int


def choose(graph: TraceGraph, flagged: Iterable[str] = (), limit: int = LIMIT) -> Shown:
    """The spans to draw: all, or ``limit`` of them, flagged ones first, then the upper levels."""
    walked = list(_walk(graph))
    keep_plumbing = all(span.plumbing for span, _, _ in walked)
    steps = [(span, depth) for span, _, depth in walked if keep_plumbing or not span.plumbing]
    drawn = {span.id for span, _ in steps}
    if len(steps) > limit:
        drawn = _pick(steps, flagged, limit)
    home: dict[str, str] = {}
    parents: dict[str, str | None] = {}
    for span, above, _ in walked:
        nearest = home.get(above) if above is not None else None
        if span.id in drawn:
            parents[span.id], home[span.id] = nearest, span.id
        elif nearest is not None:
            home[span.id] = nearest
    depths: dict[str, int] = {}
    for key, above in parents.items():
        depths[key] = 0 if above is None else depths[above] + 1
    hidden = Counter(home[span.id] for span, _ in steps if span.id not in drawn and span.id in home)
    spans = tuple(span for span, _ in steps if span.id in drawn)
    return Shown(spans=spans, parent=parents, depth=depths, home=home, hidden=hidden, total=len(steps))


def flagged(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Spans that findings are about or rest on, worst first."""
    ordered = sorted(findings, key=lambda finding: (finding.state != "defect", -finding.severity))
    subjects = [finding.subject.span for finding in ordered if finding.subject.span]
    return tuple(dict.fromkeys([*subjects, *(proof.span for finding in ordered for proof in finding.evidence)]))


def _pick(steps: list[tuple[Span, int]], flagged: Iterable[str], limit: int) -> set[str]:
    known = {span.id for span, _ in steps}
    first = [key for key in dict.fromkeys(flagged) if key in known][: limit // 2]
    level = [span.id for span, _ in sorted(steps, key=lambda step: step[1])]
    return set(list(dict.fromkeys([*first, *level]))[:limit])


def _walk(graph: TraceGraph) -> Iterator[tuple[Span, str | None, int]]:
    """Every span once with its parent and depth, depth first; members of a parent cycle begin a tree of their own."""
    seen: set[str] = set()
    starts = [*graph.children.get(None, ()), *graph.spans.values()]
    for start in starts:
        stack: list[tuple[Span, str | None, int]] = [(start, None, 0)]
        while stack:
            span, above, depth = stack.pop()
            if span.id in seen:
                continue
            seen.add(span.id)
            yield span, above, depth
            stack.extend((child, span.id, depth + 1) for child in reversed(graph.children.get(span.id, ())))
