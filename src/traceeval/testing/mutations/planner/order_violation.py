"""ORD-1: a record is disclosed before anybody was identified; twin: after."""

from __future__ import annotations

from random import Random

from traceeval.model import Basis, ToolSpec
from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended

FIRST = ToolSpec(name="verify_caller", effect="read", basis=Basis.DECLARED)
THEN = ToolSpec(name="disclose_record", effect="read", after=(FIRST.name,), basis=Basis.DECLARED)


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """First things first."""
    return _both(carrier, FIRST.name, THEN.name)


@mutation("planner.order_violation", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """The other way round."""
    return _both(carrier, THEN.name, FIRST.name)


def _both(carrier: Carrier, *names: str) -> Edited:
    spans = [call(name, {"n": 1}, "ok") for name in names]
    return Edited(trace=ended(carrier.trace, *spans), tools=carrier.with_tools(FIRST, THEN))
