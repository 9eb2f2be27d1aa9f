"""MIX-1: the result of a call is lost; twin: the call was never asked for either."""

from __future__ import annotations

from collections import Counter
from random import Random

import msgspec

from traceeval.graph import Call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import asking, changed, pick


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Neither call nor result."""
    call = pick(rng, _paired(carrier))
    if call is None:
        return None
    trace = asking(
        changed(carrier.trace, call.span, lambda span: None),
        call,
        lambda message: msgspec.structs.replace(
            message, tool_calls=tuple(one for one in message.tool_calls if one.id != call.call_id)
        ),
    )
    return Edited(trace=trace)


@mutation("tool.protocol_breach", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """A call without a result."""
    call = pick(rng, _paired(carrier))
    return Edited(trace=changed(carrier.trace, call.span, lambda span: None)) if call is not None else None


def _paired(carrier: Carrier) -> list[Call]:
    """Calls that a message asked for under an id of their own."""
    ids = Counter(call.call_id for call in carrier.graph.calls)
    return [call for call in carrier.done() if call.batch and call.call_id and ids[call.call_id] == 1]
