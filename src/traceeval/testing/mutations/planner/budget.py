"""BUD-1: one step more than the budget allows; twin: as many as it allows."""

from __future__ import annotations

from random import Random

from traceeval.model import Generation, Policy, ToolCall
from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Within the budget."""
    return _spent(carrier, 1)


@mutation("planner.budget", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """One too many."""
    return _spent(carrier, 0)


def _spent(carrier: Carrier, spare: int) -> Edited:
    used = sum(isinstance(span.body, Generation | ToolCall) for span in carrier.graph.steps)
    trace = ended(carrier.trace, call("get_forecast", {"n": 1}, "ok"))
    return Edited(trace=trace, policy=Policy(budget={"steps": used + spare}))
