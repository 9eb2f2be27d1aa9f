"""USE-1: a paid result flows nowhere; twin: the answer states it."""

from __future__ import annotations

from random import Random

from traceeval.model import Basis, ToolSpec
from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, fresh

PAID = ToolSpec(name="buy_report", effect="read", cost=3.0, basis=Basis.DECLARED)


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The answer rests on it."""
    return _bought(carrier, rng, "The report says {}.")


@mutation("planner.unused_result", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Bought in vain."""
    return _bought(carrier, rng, "Have a nice day.")


def _bought(carrier: Carrier, rng: Random, answer: str) -> Edited:
    value = fresh(rng)
    bought = call(PAID.name, {"about": "them"}, f"reference {value}")
    return Edited(trace=ended(carrier.trace, bought, answer=answer.format(value)), tools=carrier.with_tools(PAID))
