"""RBW-2: a change made with values that had been overtaken."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed, guessed
from traceeval.graph import Call, Dossier, Leaf
from traceeval.graph._flow import Flow
from traceeval.model import Component, Evidence, Finding
from traceeval.registry import diagnosis

CODE = "planner.stale_write"


@diagnosis(CODE, severity=4, id="RBW-2", needs=("effect", "entity", "idempotent"))
def stale_write(dossier: Dossier) -> Iterator[Finding]:
    """A change of an entity with a number read from it before somebody changed it, and not read again since.

    Not meant: a change that sets a value whatever it was (``idempotent``), a number that users or later results say too.
    """
    reads = {call.span: call for call in executed(dossier)}
    for call in reads.values():
        if not call.changes or call.ok is not True or call.spec.idempotent:
            continue
        for leaf in dossier.graph.flows.leaves(call):
            flow = _overtaken(dossier, call, leaf, reads)
            if flow is not None:
                text = f"{call.name}: {leaf.path}={leaf.value!r} was read before its entity was changed"
                quote = Evidence(
                    span=flow.source, field=flow.source_field, quote=flow.quote, start=flow.start, end=flow.end
                )
                inferred = guessed(call, "effect") or call.spec.entity is None
                yield about(dossier, CODE, Component.PLANNER, 4, call, text, quote, inferred=inferred)
                break


def _overtaken(dossier: Dossier, call: Call, leaf: Leaf, calls: dict[str, Call]) -> Flow | None:
    """The newest source of a number, when the entity was changed after it; None when the number still stands."""
    if not leaf.traced or isinstance(leaf.value, bool) or not isinstance(leaf.value, int | float):
        return None
    flows = [flow for flow in dossier.graph.flows.of(call, leaf) if not flow.echo]
    if not flows or any(flow.source_field != "result" or flow.match == "computed" for flow in flows):
        return None
    newest = max(flows, key=lambda flow: flow.at)
    source = calls.get(newest.source)
    book = dossier.graph.entities
    shared = book.of(call) & book.of(source) if source is not None and source.changes is False else frozenset[str]()
    if not shared or source is None:
        return None
    return newest if next(book.writes(shared, source.at, call.asked), None) is not None else None
