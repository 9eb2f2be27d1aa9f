"""ARG-5: the user names a day and the call has another; twin: the call has the day."""

from __future__ import annotations

from random import Random

from traceeval.testing._builders import call, user
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, with_users


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The day that was asked for."""
    return _booked(carrier, "2031-03-14")


@mutation("planner.dropped_constraint", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Another day."""
    return _booked(carrier, "2031-08-27")


def _booked(carrier: Carrier, day: str) -> Edited:
    spans = [user("Please book the visit on March 14, 2031."), call("book_visit", {"date": day}, "booked")]
    return Edited(trace=ended(with_users(carrier), *spans, answer="The visit is booked."))
