"""ERR-2: a change failed and the answer says that it was made; twin: the answer says that it will be."""

from __future__ import annotations

from random import Random

from traceeval.graph._lexicon import tool_classes
from traceeval.testing._builders import model
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import cut, failing, ordered, rebuilt

DONE = {"cancel": "cancelled", "refund": "refunded", "update": "updated", "create": "booked", "send": "sent"}


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """A promise is no claim."""
    return _told(carrier, "It will be {} once the record is free.")


@mutation("generator.contradicted_success", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Done, says the answer."""
    return _told(carrier, "Everything has been {} for you.")


def _told(carrier: Carrier, words: str) -> Edited | None:
    for call in reversed(carrier.done(changes=True)):
        kinds = [kind for kind in DONE if kind in tool_classes(call.name)]
        if kinds:
            answer = words.format(DONE[kinds[0]])
            same = {one.span for one in carrier.done(changes=True) if set(kinds) & tool_classes(one.name)}
            kept = [span for span in cut(carrier.trace, call.at) if span.id not in same]
            span = next(one for one in ordered(carrier.trace) if one.id == call.span)
            made = [*kept, failing(span, "Error: the record is locked"), model(answer)]
            return Edited(trace=rebuilt(carrier.trace, made, answer=answer))
    return None
