"""POL-n: a rule forbids a large payment, and one is made; twin: a small one is made."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from traceeval.graph import Breach, PolicyRule, TraceGraph
from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended

MOST = 500


def _large(graph: TraceGraph) -> Iterator[Breach]:
    for one in graph.calls:
        amount = one.arguments.get("amount") if isinstance(one.arguments, dict) else None
        if one.name == "pay_supplier" and isinstance(amount, int) and amount > MOST:
            yield Breach(one, f"{amount} was paid without a second signature")


RULE = PolicyRule(
    id="desk.large_payment", severity=4, source="policy.md#payments", text="Over 500, two people sign.", call=_large
)


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Within the limit."""
    return _paid(carrier, MOST)


@mutation("guard.policy", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Over the limit."""
    return _paid(carrier, MOST + 1 + rng.randrange(1000))


def _paid(carrier: Carrier, amount: int) -> Edited:
    return Edited(trace=ended(carrier.trace, call("pay_supplier", {"amount": amount}, "ok")), rules=(RULE,))
