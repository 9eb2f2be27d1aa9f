"""ARG-1: the arguments of a call lose their end; twin: they are written with other white space."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.model import Span, ToolCall
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import changed, pick


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The same arguments, spread over lines."""
    return _written(carrier, rng, whole=True)


@mutation("tool.invalid_arguments", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Arguments that do not parse."""
    return _written(carrier, rng, whole=False)


def _written(carrier: Carrier, rng: Random, *, whole: bool) -> Edited | None:
    call = pick(rng, [one for one in carrier.done() if one.arguments])
    if call is None:
        return None

    def edit(span: Span) -> Span:
        assert isinstance(span.body, ToolCall)
        text = msgspec.json.format(msgspec.json.encode(call.arguments), indent=3).decode()
        body = msgspec.structs.replace(
            span.body, raw=text if whole else text[:-1], arguments=call.arguments if whole else None
        )
        return msgspec.structs.replace(span, body=body)

    return Edited(trace=changed(carrier.trace, call.span, edit))
