"""PLN-1: a plan names a tool that is never called; twin: it is called."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.model import Basis, Kind, ToolSpec
from traceeval.testing._builders import call, model
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended

FILES = ToolSpec(name="file_protocol", effect="read", basis=Basis.DECLARED)
PLAN = "1. Look at what was said\n2. Close with file_protocol"


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Planned and done."""
    return _planned(carrier, done=True)


@mutation("planner.skipped_step", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Planned and left."""
    return _planned(carrier, done=False)


def _planned(carrier: Carrier, *, done: bool) -> Edited:
    plan = msgspec.structs.replace(model(PLAN), kind=Kind.PLAN)
    spans = [plan, *([call(FILES.name, {}, "filed")] if done else [])]
    return Edited(trace=ended(carrier.trace, *spans), tools=carrier.with_tools(FILES))
