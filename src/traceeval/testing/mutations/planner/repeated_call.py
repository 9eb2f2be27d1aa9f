"""REP-1: a read and its result are copied behind themselves; twin: the tool is one whose result moves by itself."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import again, pick, put


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Asking a volatile tool again is how one waits."""
    planted = plant(carrier, rng)
    if planted is None:
        return None
    volatile = [msgspec.structs.replace(call.spec, volatile=True) for call in carrier.done()]
    return Edited(trace=planted.trace, tools=carrier.with_tools(*volatile))


@mutation("planner.repeated_call", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """The same read twice in a row."""
    call = pick(rng, [one for one in carrier.done(changes=False) if not one.spec.volatile and one.name != "think"])
    return Edited(trace=put(carrier.trace, call.at, again(call, carrier))) if call is not None else None
