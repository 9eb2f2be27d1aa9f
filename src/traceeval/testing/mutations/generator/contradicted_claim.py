"""GRD-2: the answer gives a thing the state of its neighbour; twin: its own."""

from __future__ import annotations

from random import Random

from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, fresh


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The state that was observed."""
    return _told(carrier, rng, "open")


@mutation("generator.contradicted_claim", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """The state of another."""
    return _told(carrier, rng, "settled")


def _told(carrier: Carrier, rng: Random, state: str) -> Edited:
    mine, other = fresh(rng), fresh(rng)
    cases = [{"case_id": mine, "status": "open"}, {"case_id": other, "status": "settled"}]
    found = call("list_cases", {}, cases)
    return Edited(trace=ended(carrier.trace, found, answer=f"Case {mine} is {state}."))
