"""The trace as a ``networkx.MultiDiGraph``, for those who want its algorithms."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph


def as_networkx(graph: TraceGraph) -> Any:
    """Nodes: span ids with ``kind``, ``name``, ``seq``. Edges: ``layer`` structure, order or data, and ``kind``.

    ``flows`` edges carry path, match and confidence. Structure and data layers are each acyclic.
    """
    import networkx as nx

    built = nx.MultiDiGraph()
    for span in graph.spans.values():
        built.add_node(span.id, kind=span.kind.value, name=span.name, seq=span.seq, plumbing=span.plumbing)
    for span in graph.spans.values():
        if span.parent in graph.spans:
            built.add_edge(span.parent, span.id, layer="structure", kind="parent_of")
        for source in span.reads:
            if source in graph.spans:
                built.add_edge(source, span.id, layer="data", kind="reads", confidence=1.0)
    for first, second in pairwise(graph.steps):
        built.add_edge(first.id, second.id, layer="order", kind="next")
    for call in graph.calls:
        if call.batch in graph.spans and call.executed and call.batch != call.span:
            built.add_edge(call.batch, call.span, layer="data", kind="emits", confidence=1.0)
        for leaf in graph.flows.leaves(call):
            for flow in graph.flows.of(call, leaf)[:3]:
                if flow.source in graph.spans and flow.source != call.span:
                    built.add_edge(
                        flow.source,
                        call.span,
                        layer="data",
                        kind="flows",
                        path=leaf.path,
                        match=flow.match,
                        confidence=flow.confidence,
                    )
    return built
