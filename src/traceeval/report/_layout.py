"""Places the spans of a trace on an integer grid, top to bottom along parent and data edges.

Retries and loops make data edges cyclic, so strongly connected spans are condensed first. A layer is a topological
generation; within it spans stand by start time, then id; a layer wider than ``COLUMNS`` continues in the next row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from traceeval.graph import TraceGraph
from traceeval.model import Finding, Span, ToolCall
from traceeval.report._shown import Shown

COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A span at a column and a row, both from 0."""

    span: Span
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Link:
    """An edge between two drawn spans: ``parent`` structure, ``data`` read by the other, ``evidence`` of a finding."""

    source: str
    target: str
    kind: Literal["parent", "data", "evidence"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything a drawing needs but its looks."""

    places: tuple[Place, ...]
    links: tuple[Link, ...]
    columns: int
    rows: int


def lay_out(graph: TraceGraph, shown: Shown, findings: Iterable[Finding] = ()) -> Layout:
    """Positions and edges of the drawn spans; the same trace always gives the same layout."""
    links = tuple(dict.fromkeys(_links(graph, shown, findings)))
    places = tuple(_places(_layers(shown, links)))
    return Layout(
        places=places,
        links=links,
        columns=1 + max((place.column for place in places), default=0),
        rows=1 + max((place.row for place in places), default=0),
    )


def _places(layers: list[list[Span]]) -> Iterator[Place]:
    row = 0
    for layer in layers:
        for position, span in enumerate(layer):
            yield Place(span, position % COLUMNS, row + position // COLUMNS)
        row += -(-len(layer) // COLUMNS)


def _layers(shown: Shown, links: tuple[Link, ...]) -> list[list[Span]]:
    import networkx as nx

    net = nx.DiGraph()
    net.add_nodes_from(span.id for span in shown.spans)
    net.add_edges_from((link.source, link.target) for link in links if link.kind != "evidence")
    knots = nx.condensation(net)
    by_id = {span.id: span for span in shown.spans}
    return [
        sorted((by_id[key] for knot in generation for key in knots.nodes[knot]["members"]), key=_when)
        for generation in nx.topological_generations(knots)
    ]


def _when(span: Span) -> tuple[bool, float, int, str]:
    return span.start is None, span.start or 0.0, span.seq, span.id


def _links(graph: TraceGraph, shown: Shown, findings: Iterable[Finding]) -> Iterator[Link]:
    for key, above in shown.parent.items():
        if above is not None:
            yield Link(above, key, "parent")
    for source, target in _data(graph):
        if (one := shown.home.get(source)) and (two := shown.home.get(target)) and one != two:
            yield Link(one, two, "data")
    for finding in findings:
        about = shown.home.get(finding.subject.span or "")
        for proof in finding.evidence:
            if about and (rests := shown.home.get(proof.span)) and rests != about:
                yield Link(rests, about, "evidence")


def _data(graph: TraceGraph) -> Iterator[tuple[str, str]]:
    for span in graph.spans.values():
        yield from ((source, span.id) for source in span.reads)
        if isinstance(span.body, ToolCall) and span.body.requested_by:
            yield span.body.requested_by, span.id
