"""TRM-1: a user asks and the trace ends; twin: the user ends it."""

from __future__ import annotations

from random import Random

from traceeval.testing._builders import user
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, with_users


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The end marker of a harness."""
    return _said(carrier, "That is what I wanted. ###STOP###")


@mutation("planner.premature_end", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """An open question."""
    return _said(carrier, "Could you also look up the other case?")


def _said(carrier: Carrier, words: str) -> Edited | None:
    """Not where the run was ended by a call: then nothing is open."""
    if any(call.spec.ends and call.ok is not False for call in carrier.graph.calls):
        return None
    return Edited(trace=ended(with_users(carrier), user(words)))
