"""REP-3: a successful change of a tool that is not idempotent is copied; twin: the tool is idempotent."""

from __future__ import annotations

from random import Random

import msgspec

from traceeval.measures.tokens import tokenise
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import again, pick, put

SEVERAL = frozenset("again twice another more second both each two three four five repeat duplicate".split())


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Twice is as good as once."""
    return _twice(carrier, rng, idempotent=True)


@mutation("tool.duplicate_write", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """The same change twice."""
    return _twice(carrier, rng, idempotent=False)


def _twice(carrier: Carrier, rng: Random, *, idempotent: bool) -> Edited | None:
    """Not where users speak of several: then a second one may be wanted."""
    call = pick(rng, carrier.done(changes=True))
    said = {word for _, text in carrier.graph.users for word in tokenise(text).low}
    if call is None or SEVERAL & said:
        return None
    spec = msgspec.structs.replace(call.spec, idempotent=idempotent)
    return Edited(trace=put(carrier.trace, call.at, again(call, carrier)), tools=carrier.with_tools(spec))
