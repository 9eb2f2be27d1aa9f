"""PING: two agents hand over to each other twice and say nothing new; twin: a result comes in between."""

from __future__ import annotations

from random import Random

from traceeval.model import Span
from traceeval.testing._builders import call, model
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, fresh

WORDS = "please take this over"


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Something was found in between."""
    first, second, third, fourth = _round()
    found = call("search_archive", {"words": "x"}, fresh(rng))
    return Edited(trace=ended(carrier.trace, first, second, found, third, fourth))


@mutation("planner.handoff_ping_pong", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """To and fro, twice."""
    return Edited(trace=ended(carrier.trace, *_round()))


def _round() -> list[Span]:
    return [model(WORDS, agent=agent) for agent in ("front desk", "back office") * 2]
