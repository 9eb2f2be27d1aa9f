"""REP-2: a call fails three times the same way; twin: every attempt has another argument."""

from __future__ import annotations

from random import Random

from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import again, ended, failing, fresh, pick


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Three different attempts."""
    return _three(carrier, rng, vary=True)


@mutation("planner.futile_retry", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """The same attempt three times."""
    return _three(carrier, rng, vary=False)


def _three(carrier: Carrier, rng: Random, *, vary: bool) -> Edited | None:
    call = pick(rng, carrier.done())
    if call is None:
        return None
    token = fresh(rng)
    tries = [again(call, carrier, arguments={"id": f"{token}{n if vary else ''}"}) for n in range(3)]
    return Edited(trace=ended(carrier.trace, *(failing(span, "Error: no such record") for span in tries)))
