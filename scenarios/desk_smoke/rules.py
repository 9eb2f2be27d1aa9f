"""The refund policy of the support desk as rules: ``traceeval evaluate traces --rules scenarios/desk_smoke/rules.py``."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval import Breach, TraceGraph, policy
from traceeval.graph import done, newest

SOURCE = "support desk policy"


@policy(
    "desk.look_before_refund",
    severity=4,
    source=f"{SOURCE}, refunds",
    text="Look the order up before you refund it, and never refund more than was paid.",
)
def look_before_refund(graph: TraceGraph) -> Iterator[Breach]:
    """A refund of an order nobody had looked up, or of more than it cost."""
    for call, arguments in done(graph.calls, "refund_order"):
        found = newest(graph.calls, call, "order_id", arguments.get("order_id"))
        if found is None:
            yield Breach(call, "the order had not been looked up")
            continue
        _, order = found
        paid, refunded = order.get("total"), arguments.get("amount")
        if not isinstance(paid, int | float):
            yield Breach(call, "what was paid for the order is unknown", missing=("order.total",))
        elif isinstance(refunded, int | float) and refunded > paid:
            yield Breach(call, f"{refunded:g} was refunded for an order of {paid:g}")
