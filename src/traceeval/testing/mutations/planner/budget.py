"""BUD-1: a step more than the budget allows, or far more than its scenario takes; twin: as many as either allows."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.graph import Survey
from traceeval.model import Generation, Policy, ToolCall, Trace
from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended

_PEERS = 6


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Within the budget; as long as the others."""
    return _among(carrier, 1) if rng.random() < 0.5 else _allowed(carrier, 1)


@mutation("planner.budget", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """One too many; twice as long as the others."""
    return _among(carrier, 2) if rng.random() < 0.5 else _allowed(carrier, 0)


def _allowed(carrier: Carrier, spare: int) -> Edited:
    return Edited(trace=_longer(carrier.trace, 1), policy=Policy(budget={"steps": _steps(carrier.trace) + spare}))


def _among(carrier: Carrier, times: int) -> Edited:
    """The trace among others of its scenario that take as much; it takes that many times as much."""
    bare = msgspec.structs.replace(carrier.trace, scenario="mutated")
    survey = Survey()
    for _ in range(_PEERS):
        survey.add(bare)
    mine = _longer(bare, (times - 1) * max(_steps(bare), 1))
    survey.add(mine)
    return Edited(trace=mine, usual=survey.usual())


def _longer(trace: Trace, by: int) -> Trace:
    return ended(trace, *(call("get_forecast", {"n": number}, "ok") for number in range(by)))


def _steps(trace: Trace) -> int:
    return sum(isinstance(span.body, Generation | ToolCall) for span in trace.spans if not span.plumbing)
