"""SCP-1: a tool used by somebody it was not meant for."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed, unknown
from traceeval.graph import Dossier
from traceeval.model import Component, Finding
from traceeval.registry import diagnosis

CODE = "guard.out_of_scope_tool"


@diagnosis(CODE, severity=4, id="SCP-1", needs=("scope", "effect"))
def out_of_scope_tool(dossier: Dossier) -> Iterator[Finding]:
    """A call of a tool whose ``scope`` lists neither the agent that made it nor the scenario of the trace.

    Reads and computations help, so they are none. The tool has a scope and the trace names neither agent nor scenario,
    or a privileged tool has none: unknown.
    """
    told: set[str] = set()
    for call in executed(dossier):
        if call.changes is False:
            continue
        scope, who = call.spec.scope, {call.agent, dossier.trace.scenario} - {None}
        if scope is None:
            if call.spec.effect == "privileged" and call.name not in told:
                told.add(call.name)
                text = f"who may call {call.name} is unknown"
                yield unknown(dossier, CODE, Component.GUARD, 4, call, text, f"tools.{call.name}.scope")
        elif not who:
            text = f"{call.name} is for {', '.join(scope)}; who called it was not recorded"
            yield unknown(dossier, CODE, Component.GUARD, 4, call, text, "span.agent", "trace.scenario")
        elif not who & set(scope):
            text = (
                f"{call.name} is for {', '.join(scope) or 'nobody'}, and {', '.join(sorted(map(str, who)))} called it"
            )
            yield about(dossier, CODE, Component.GUARD, 4, call, text)
