"""Text in what came from outside that addresses the model as an instruction, and the calls it steered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceeval.graph._call import Call
from traceeval.graph._flow import Flow, Leaf
from traceeval.graph._lexicon import pattern

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

BEFORE, AFTER = 200, 900
_MOST = 50


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch around a phrase that addresses the model, in one observed text."""

    span: str
    field: str
    start: int
    end: int
    quote: str


def segments(graph: TraceGraph) -> tuple[Segment, ...]:
    """Instruction-like stretches of everything that no user or operator wrote; searched once a trace."""
    return graph.segments


def find_segments(graph: TraceGraph) -> tuple[Segment, ...]:
    """The search itself."""
    found = []
    for seen in graph.observed.observations:
        if seen.trust == "user" or seen.field == "system":
            continue
        for match in pattern("instruction").finditer(seen.text):
            start, end = max(0, match.start() - BEFORE), min(len(seen.text), match.end() + AFTER)
            found.append(Segment(seen.span, seen.field, start, end, seen.text[match.start() : match.end() + 160]))
    return tuple(found)


def steered(graph: TraceGraph) -> Iterator[tuple[Call, Flow, Segment]]:
    """Sink calls with an argument that flows from such a stretch, and from no user."""
    sinks = [call for call in graph.calls if call.executed and call.changes is not False]
    stretches: dict[tuple[str, str], list[Segment]] = {}
    for stretch in segments(graph) if sinks else ():
        stretches.setdefault((stretch.span, stretch.field), []).append(stretch)
    for call in sinks if stretches else ():
        for leaf in graph.flows.leaves(call):
            if not leaf.traced:
                continue
            flows = graph.flows.of(call, leaf)
            if any(flow.trust == "user" for flow in flows):
                continue
            found = _steered(graph, call, leaf, flows, stretches)
            if found is not None:
                yield call, *found
                break


def _steered(
    graph: TraceGraph,
    call: Call,
    leaf: Leaf,
    flows: tuple[Flow, ...],
    stretches: Mapping[tuple[str, str], list[Segment]],
) -> tuple[Flow, Segment] | None:
    """A flow out of a stretch. Of a text that holds the value more than once, all of its stretches are searched."""
    for flow in flows:
        inside = stretches.get((flow.source, flow.source_field), [])
        last = bisect_right(inside, flow.start, key=lambda stretch: stretch.start) - 1
        if last >= 0 and flow.end <= inside[last].end:
            return flow, inside[last]
        for stretch in inside[:_MOST]:
            found = graph.flows.inside(flow, leaf, stretch.start, stretch.end)
            if found is not None:
                return found, stretch
    return None
