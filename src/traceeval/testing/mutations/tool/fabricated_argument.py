"""ARG-3: every digit of an id of a successful change becomes another; twin: the user says the new id."""

from __future__ import annotations

from random import Random

from traceeval.model import Json
from traceeval.testing._builders import user
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import again, fresh, put, with_users


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The new id has an origin."""
    return _changed(carrier, rng, told=True)


@mutation("tool.fabricated_argument", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """An id from nowhere."""
    return _changed(carrier, rng, told=False)


def _changed(carrier: Carrier, rng: Random, *, told: bool) -> Edited | None:
    for call in carrier.done(changes=True):
        for leaf in carrier.graph.flows.leaves(call):
            value = leaf.value
            if leaf.role != "resource" or "." in leaf.path or not isinstance(value, str) or not _digits(value):
                continue
            new = fresh(rng, value)
            arguments: Json = {**call.arguments, leaf.path: new}
            trace = with_users(carrier)
            said = [user(f"It is {new}.")] if told else []
            at = next(span.seq for span in trace.spans if span.id == call.span)
            return Edited(trace=put(trace, at, *said, again(call, carrier, arguments=arguments)))
    return None


def _digits(value: str) -> bool:
    return any(map(str.isdigit, value))
