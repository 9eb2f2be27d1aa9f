"""SCP-1: a tool with a scope is called by somebody else; twin: by somebody it is for."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.model import Span
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import changed, pick


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """By the desk it is for."""
    return _called(carrier, rng, "billing desk")


@mutation("guard.out_of_scope_tool", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """By another desk."""
    return _called(carrier, rng, "press office")


def _called(carrier: Carrier, rng: Random, agent: str) -> Edited | None:
    call = pick(rng, carrier.done(changes=True))
    if call is None:
        return None

    def edit(span: Span) -> Span:
        return msgspec.structs.replace(span, agent=agent)

    spec = msgspec.structs.replace(call.spec, scope=("billing desk",))
    return Edited(trace=changed(carrier.trace, call.span, edit), tools=carrier.with_tools(spec))
