"""MIX-1: calls and results that do not pair up, or messages the protocol does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, at_span
from traceeval.graph import Dossier
from traceeval.graph._calls import requests
from traceeval.model import Basis, Component, Finding, Generation, Kind, text_of
from traceeval.registry import diagnosis

CODE = "tool.protocol_breach"


@diagnosis(CODE, severity=1, id="MIX-1")
def protocol_breach(dossier: Dossier) -> Iterator[Finding]:
    """A call that was asked for and has no result, a result nobody asked for; one finding of each kind a trace.

    Text beside a call, and several calls in one message, are legal with most providers: they count only where the
    policy file says ``[protocol]`` ``text_beside_calls = false`` or ``parallel_calls = false``.
    """
    graph = dossier.graph
    open_ = [call for call in graph.calls if not call.executed or (call.ok is None and call.result is None)]
    if open_:
        text = f"{len(open_)} of {len(graph.calls)} calls have no result, {open_[0].name} first"
        yield about(dossier, CODE, Component.TOOL, 1, open_[0], text)
    if any(True for _ in requests(graph)):
        orphans = [c for c in graph.calls if c.executed and c.batch is None and c.link is Basis.OBSERVED and c.call_id]
        if orphans:
            text = f"{len(orphans)} results were asked for by no message, {orphans[0].name} first"
            yield about(dossier, CODE, Component.TOOL, 1, orphans[0], text)
    yield from _unlawful(dossier)


def _unlawful(dossier: Dossier) -> Iterator[Finding]:
    allowed = dossier.policy.protocol
    if all(allowed.get(name, True) for name in ("text_beside_calls", "parallel_calls")):
        return
    outputs = [
        (span, span.body.output)
        for span in dossier.graph.of_kind(Kind.MODEL)
        if isinstance(span.body, Generation) and span.body.output is not None and span.body.output.tool_calls
    ]
    mixed = [span for span, output in outputs if (text_of(output.content) or "").strip()]
    several = [span for span, output in outputs if len(output.tool_calls) > 1]
    if mixed and not allowed.get("text_beside_calls", True):
        text = f"{len(mixed)} messages hold text beside a call, which the protocol forbids"
        yield at_span(dossier, CODE, Component.TOOL, 1, mixed[0].id, text)
    if several and not allowed.get("parallel_calls", True):
        text = f"{len(several)} messages hold several calls, and the protocol allows one"
        yield at_span(dossier, CODE, Component.TOOL, 1, several[0].id, text, key=f"{several[0].id}:several")
