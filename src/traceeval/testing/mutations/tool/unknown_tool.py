"""ARG-2: every message records what was on offer, and a call's tool is not among it; twin: it is."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.model import Generation, ToolOffer
from traceeval.testing._builders import call, model
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, ordered, rebuilt


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The last call is on offer too."""
    return _offered(carrier, also=True)


@mutation("tool.unknown_tool", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """A call of something nobody offered."""
    return _offered(carrier, also=False)


def _offered(carrier: Carrier, *, also: bool) -> Edited:
    names = {one.name for one in carrier.graph.calls} | ({"reopen_account"} if also else set())
    offers = tuple(ToolOffer(name=name) for name in sorted(names))
    trace = ended(carrier.trace, model("Let me see."), call("reopen_account", {"n": 1}, error="no such tool"))
    spans = [
        msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, tools=offers))
        if isinstance(span.body, Generation)
        else span
        for span in ordered(trace)
    ]
    return Edited(trace=rebuilt(trace, spans))
