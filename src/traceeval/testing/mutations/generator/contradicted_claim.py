"""GRD-2: the answer gives a thing the state or the number of its neighbour; twin: its own."""

from __future__ import annotations

from random import Random

from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, fresh


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """What was observed of it."""
    return _told(carrier, rng, 0)


@mutation("generator.contradicted_claim", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """What was observed of another."""
    return _told(carrier, rng, 1)


def _told(carrier: Carrier, rng: Random, of: int) -> Edited:
    ids, fees = [fresh(rng), fresh(rng)], rng.sample(range(100, 1000), 2)
    cases = [
        {"case_id": id, "status": state, "fee": fee}
        for id, state, fee in zip(ids, ("open", "settled"), fees, strict=True)
    ]
    state, fee = str(cases[of]["status"]), cases[of]["fee"]
    words = f"Case {ids[0]} is {state}." if rng.random() < 0.5 else f"The fee of case {ids[0]} is ${fee}.00."
    return Edited(trace=ended(carrier.trace, call("list_cases", {}, cases), answer=words))
