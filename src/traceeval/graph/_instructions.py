"""Text in what came from outside that addresses the model as an instruction, and the calls it steered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceeval.graph._call import Call
from traceeval.graph._flow import Flow
from traceeval.graph._lexicon import pattern

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

BEFORE, AFTER = 200, 900


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch around a phrase that addresses the model, in one observed text."""

    span: str
    field: str
    start: int
    end: int
    quote: str


def segments(graph: TraceGraph) -> tuple[Segment, ...]:
    """Instruction-like stretches of everything that no user or operator wrote."""
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
    stretches = segments(graph) if sinks else ()
    if not stretches:
        return
    for call in sinks:
        for leaf in graph.flows.leaves(call):
            if not leaf.traced:
                continue
            flows = graph.flows.of(call, leaf)
            if any(flow.trust == "user" for flow in flows):
                continue
            hit = next(((f, s) for f in flows for s in stretches if _inside(f, s)), None)
            if hit is not None:
                yield call, *hit
                break


def _inside(flow: Flow, stretch: Segment) -> bool:
    same = (flow.source, flow.source_field) == (stretch.span, stretch.field)
    return same and stretch.start <= flow.start and flow.end <= stretch.end
