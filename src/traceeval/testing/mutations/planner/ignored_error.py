"""ERR-1: the last change becomes an error, what followed is cut, and nobody says so; twin: the answer admits it."""

from __future__ import annotations

from random import Random

from traceeval.testing._builders import model
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import cut, failing, ordered, rebuilt


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The user is told."""
    return _failed(carrier, "I am sorry, that could not be done.")


@mutation("planner.ignored_error", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """A failure nobody mentions."""
    return _failed(carrier, "Have a nice day.")


def _failed(carrier: Carrier, answer: str) -> Edited | None:
    calls = carrier.done(changes=True) or carrier.done()
    if not calls:
        return None
    last = calls[-1]
    span = next(one for one in ordered(carrier.trace) if one.id == last.span)
    spans = [one for one in cut(carrier.trace, last.at) if one.id != last.span]
    made = [*spans, failing(span, "Error: the record is locked"), model(answer)]
    return Edited(trace=rebuilt(carrier.trace, made, answer=answer))
