"""GRD-1: the answer gets a sentence with a number from nowhere; twin: a tool had said it."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.model import Generation, Message
from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ordered, rebuilt


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The same sentence, with a source."""
    return _said(carrier, rng, told=True)


@mutation("generator.unsupported_claim", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """A number from nowhere."""
    return _said(carrier, rng, told=False)


def _said(carrier: Carrier, rng: Random, *, told: bool) -> Edited | None:
    last = carrier.graph.answer_span
    body = last.body if last is not None else None
    if last is None or not isinstance(body, Generation) or not body.messages:
        return None
    sentence = f"The storage fee is {rng.randrange(1000, 9999)}.{rng.randrange(10, 99)} crowns."
    output = Message(role="assistant", content=sentence)
    seen = (*body.messages, Message(role="tool", content=sentence, tool_call_id="fee")) if told else body.messages
    answering = msgspec.structs.replace(
        last, id="", parent=None, body=msgspec.structs.replace(body, output=output, messages=seen)
    )
    source = [call("get_fee", {}, sentence, call_id="fee")] if told else []
    return Edited(trace=rebuilt(carrier.trace, [*ordered(carrier.trace), *source, answering], answer=sentence))
