"""TRM-2: a call after the end; twin: a call that cleans up after the end."""

from __future__ import annotations

from random import Random

from traceeval.testing._builders import call, user
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, with_users


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Cleaning up."""
    return _after(carrier, "close_session")


@mutation("planner.unaware_of_end", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Going on."""
    return _after(carrier, "get_forecast")


def _after(carrier: Carrier, name: str) -> Edited:
    return Edited(trace=ended(with_users(carrier), user("Bye. ###STOP###"), call(name, {"n": 1}, "ok")))
