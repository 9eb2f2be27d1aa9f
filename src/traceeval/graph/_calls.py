"""Executed tool calls of a trace, linked to the model message that asked for them (formats.md section 5.5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from traceeval.graph._call import Call
from traceeval.graph._effects import sharpened
from traceeval.graph._result import outcome_of
from traceeval.model import Generation, Kind, Span, ToolCall, ToolRequest

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph


def collect_calls(graph: TraceGraph) -> tuple[Call, ...]:
    """Calls in order of execution; then, marked ``executed=False``, requests without an execution."""
    wanted = list(requests(graph))
    asked = {id_: span for span, request in wanted if (id_ := request.id)}
    done = [_executed(graph, span, asked) for span in graph.of_kind(Kind.TOOL) if isinstance(span.body, ToolCall)]
    ran = {call.call_id for call in done if call.call_id}
    names_ran = {(call.batch, call.name) for call in done}
    waiting = [
        _requested(graph, span, request)
        for span, request in wanted
        if not (request.id in ran if request.id else (span.id, request.name) in names_ran)
    ]
    return (*done, *waiting)


def requests(graph: TraceGraph) -> Iterator[tuple[Span, ToolRequest]]:
    """Every call a model message asked for, with the span that asked."""
    for span in graph.of_kind(Kind.MODEL):
        if isinstance(span.body, Generation) and span.body.output is not None:
            for request in span.body.output.tool_calls:
                yield span, request


def _executed(graph: TraceGraph, span: Span, asked: dict[str, Span]) -> Call:
    body = span.body
    assert isinstance(body, ToolCall)
    spec = sharpened(graph.book.spec(body.name), body.arguments)
    ok, error = outcome_of(span, body, spec)
    by = graph.spans.get(body.requested_by or "") or asked.get(body.call_id or "")
    return Call(
        span=span.id,
        name=body.name,
        arguments=body.arguments,
        raw=body.raw,
        result=body.result,
        ok=ok,
        error=error,
        call_id=body.call_id,
        batch=by.id if by else None,
        at=span.seq,
        asked=by.seq if by else span.seq,
        turn=_turn(graph, span.seq),
        spec=spec,
        link=body.link,
        parameters=body.parameters,
        agent=span.agent,
    )


def _requested(graph: TraceGraph, span: Span, request: ToolRequest) -> Call:
    return Call(
        span=span.id,
        name=request.name,
        arguments=request.arguments,
        raw=request.raw,
        result=None,
        ok=None,
        error=None,
        call_id=request.id,
        batch=span.id,
        at=span.seq,
        asked=span.seq,
        turn=_turn(graph, span.seq),
        spec=sharpened(graph.book.spec(request.name), request.arguments),
        executed=False,
        agent=span.agent,
    )


def _turn(graph: TraceGraph, seq: int) -> int:
    """How many user turns came before; they are in order."""
    return bisect_right(graph.users, seq, key=lambda turn: turn[0])
