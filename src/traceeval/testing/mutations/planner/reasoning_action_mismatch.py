"""The 29th: the reasoning before a call names another tool; twin: it names the tool that is called."""

from __future__ import annotations

from random import Random

from traceeval.model import Basis, ToolRequest, ToolSpec
from traceeval.testing._builders import call, model
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, fresh

TOOLS = [ToolSpec(name=name, effect="read", basis=Basis.DECLARED) for name in ("open_drawer", "read_label")]


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Said and done."""
    return _thought(carrier, rng, "read_label")


@mutation("planner.reasoning_action_mismatch", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """One said, the other done."""
    return _thought(carrier, rng, "open_drawer")


def _thought(carrier: Carrier, rng: Random, name: str) -> Edited:
    key = fresh(rng)
    spans = [
        call("open_drawer", {}, "open"),
        model(f"Now I will call {name}.", calls=[ToolRequest(name="read_label", id=key, arguments={"n": 1})]),
        call("read_label", {"n": 1}, "a label", call_id=key),
    ]
    return Edited(trace=ended(carrier.trace, *spans), tools=carrier.with_tools(*TOOLS))
