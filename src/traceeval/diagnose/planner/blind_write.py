"""RBW-1: something was changed that nobody had looked at."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed, guessed, unknown
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import tool_classes
from traceeval.measures.values import id_key
from traceeval.model import Component, Finding
from traceeval.registry import diagnosis

CODE = "planner.blind_write"
_NEW = frozenset({"create", "send", "post"})


@diagnosis(CODE, severity=3, id="RBW-1", needs=("effect", "entity", "precondition_reads"))
def blind_write(dossier: Dossier) -> Iterator[Finding]:
    """A successful change of an entity that no earlier call had read, and that the user did not give in full.

    Read: a call of no known change was given the entity, or its result shows it; where ``precondition_reads`` is
    declared, one of those tools was. In full: every traced argument of the change was said by users. Not meant: what
    creates something, or reaches others. A change that names no entity, by a tool nobody annotated: unknown.
    """
    calls = executed(dossier)
    if not any(call.changes and call.ok for call in calls):
        return
    read: dict[str, set[str]] = {}
    for call in sorted(calls, key=lambda one: one.at):
        if call.changes and call.ok:
            yield from _judged(dossier, call, read)
        if call.ok and (not call.changes):
            for entity in dossier.graph.entities.of(call):
                read.setdefault(entity, set()).add(call.name)


def _judged(dossier: Dossier, call: Call, read: dict[str, set[str]]) -> Iterator[Finding]:
    if call.spec.effect == "external" or _creates(call):
        return
    named = dossier.graph.entities.of(call)
    if not named:
        if call.spec.entity is None and call.arguments:
            text = f"what {call.name} changes is unknown, so whether it had been read is too"
            yield unknown(dossier, CODE, Component.PLANNER, 3, call, text, f"tools.{call.name}.entity")
        return
    wanted = set(call.spec.precondition_reads or ())
    shown = frozenset[str]() if wanted else _shown(dossier, call)
    blind = [
        one for one in sorted(named) if not (read.get(one, set()) & wanted if wanted else one in read or one in shown)
    ]
    if len(blind) < len(named) or _told_in_full(dossier, call):
        return
    text = f"{call.name} changed {', '.join(blind)}, which no call had read"
    yield about(
        dossier, CODE, Component.PLANNER, 3, call, text, inferred=guessed(call, "effect") or call.spec.entity is None
    )


def _creates(call: Call) -> bool:
    kinds = tool_classes(call.name)
    return bool(kinds & _NEW)


def _shown(dossier: Dossier, call: Call) -> frozenset[str]:
    """Arguments of a change that a result or a document had shown before."""
    return frozenset(
        id_key(leaf.value)
        for leaf in dossier.graph.flows.leaves(call)
        if isinstance(leaf.value, str | int)
        and any(
            flow.source_field.startswith(("result", "hits")) and not flow.echo
            for flow in dossier.graph.flows.of(call, leaf)
        )
    )


def _told_in_full(dossier: Dossier, call: Call) -> bool:
    """Whether users said every argument whose origin means anything."""
    flows = dossier.graph.flows
    traced = [leaf for leaf in flows.leaves(call) if leaf.traced]
    return bool(traced) and all(any(flow.trust == "user" for flow in flows.of(call, leaf)) for leaf in traced)
