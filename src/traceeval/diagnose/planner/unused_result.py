"""USE-1: something was paid for and not used."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed
from traceeval.graph import Dossier
from traceeval.model import Component, Finding, text_of
from traceeval.registry import diagnosis

CODE = "planner.unused_result"


@diagnosis(CODE, severity=1, id="USE-1", needs=("effect", "cost"))
def unused_result(dossier: Dossier) -> Iterator[Finding]:
    """The result of a reading call with a declared ``cost`` flows to no later call and to nothing that was said.

    A negative result informs too, so an empty one is none. Meant to be counted over many traces, never one by one.
    """
    paid = [
        call for call in executed(dossier) if call.ok and call.spec.effect == "read" and (call.spec.cost or 0.0) > 0
    ]
    if not paid:
        return
    used = {flow.source for flow in dossier.graph.flows.said if flow.source_field == "result"}
    for call in dossier.graph.calls:
        for leaf in dossier.graph.flows.leaves(call):
            used |= {flow.source for flow in dossier.graph.flows.of(call, leaf) if flow.source_field == "result"}
    for call in paid:
        if call.span not in used and any(map(str.isalnum, text_of(call.result) or "")):
            text = f"the result of {call.name} (cost {call.spec.cost:g}) was used by no call and no answer"
            yield about(dossier, CODE, Component.PLANNER, 1, call, text)
