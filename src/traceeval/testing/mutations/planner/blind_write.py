"""RBW-1: what had been read of an entity before it was changed is taken out; twin: the user says every argument."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.graph import Call
from traceeval.graph._lexicon import tool_classes
from traceeval.measures.values import id_key
from traceeval.model import ToolSpec, Trace, text_of
from traceeval.testing._builders import user
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ordered, pick, put, rebuilt, with_users


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The user gave it in full."""
    call = pick(rng, _changes(carrier))
    if call is None:
        return None
    trace = with_users(carrier)
    asked = next((span.seq for span in trace.spans if span.id == (call.batch or call.span)), 0)
    same = [
        one for one in carrier.done(changes=True) if carrier.graph.entities.of(one) & carrier.graph.entities.of(call)
    ]
    said = ", ".join(str(leaf.value) for one in same for leaf in carrier.graph.flows.leaves(one))
    return Edited(
        trace=_unread(put(trace, asked - 1, user(f"Take this: {said}.")), carrier, call), tools=_open(carrier, call)
    )


@mutation("planner.blind_write", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Changed unseen."""
    call = pick(rng, _changes(carrier))
    return Edited(trace=_unread(with_users(carrier), carrier, call), tools=_open(carrier, call)) if call else None


def _changes(carrier: Carrier) -> list[Call]:
    """Changes of something that was there, not given in full by users."""
    found = []
    for call in carrier.done(changes=True):
        traced = [leaf for leaf in carrier.graph.flows.leaves(call) if leaf.traced]
        told = traced and all(any(f.trust == "user" for f in carrier.graph.flows.of(call, leaf)) for leaf in traced)
        made = tool_classes(call.name) & {"create", "send", "post"} or call.spec.effect == "external"
        if carrier.graph.entities.of(call) and not told and not made:
            found.append(call)
    return found


def _open(carrier: Carrier, call: Call) -> tuple[ToolSpec, ...]:
    return carrier.with_tools(msgspec.structs.replace(call.spec, precondition_reads=None))


def _unread(trace: Trace, carrier: Carrier, call: Call) -> Trace:
    """Without the calls that were given the entity, or show it, before it was changed."""
    names = carrier.graph.entities.of(call)
    gone = {
        one.span
        for one in carrier.graph.calls
        if one.at < call.at
        and one.span != call.span
        and (names & carrier.graph.entities.of(one) or any(name in _text(one) for name in names))
    }
    return rebuilt(trace, [span for span in ordered(trace) if span.id not in gone])


def _text(call: Call) -> str:
    return id_key(text_of(call.result) or "")
