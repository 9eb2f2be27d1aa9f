"""Calls that fit a pattern, whatever order they come in: what was forbidden, what an attacker wanted."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.graph._arguments import compare
from traceeval.graph._call import Call
from traceeval.graph._flow import Flow
from traceeval.graph._table import names
from traceeval.graph._tools import ToolBook
from traceeval.graph._trace_graph import TraceGraph
from traceeval.model import CallSpec, Trust
from traceeval.model.assertions import FlowPattern

_LESS: dict[Trust, frozenset[Trust]] = {
    "untrusted": frozenset({"trusted", "user"}),
    "user": frozenset({"trusted"}),
    "trusted": frozenset(),
}


def fits(call: Call, spec: CallSpec, book: ToolBook) -> bool:
    """Whether a call is one of those. Arguments that do not parse are no way around a spec that asks for none."""
    return names(spec, call) and (not spec.args or compare(call, spec, book).wrong is None)


def flows_into(graph: TraceGraph, pattern: FlowPattern) -> Iterator[tuple[Call, Flow]]:
    """Executed calls of that kind with a value that only such a source wrote, and where it stood."""
    flows = graph.flows
    for call in graph.executed:
        if pattern.to.tool not in (None, call.name) or pattern.to.effect not in (None, call.spec.effect):
            continue
        for leaf in flows.leaves(call):
            found = flows.of(call, leaf) if leaf.traced else ()
            if not any(one.trust in _LESS[pattern.from_] for one in found):
                yield from ((call, one) for one in found if one.trust == pattern.from_ and not one.echo)
