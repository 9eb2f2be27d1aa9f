"""ARG-5: the call has another day than the user named, or the thing the user ruled out; twin: it has what was meant."""

from __future__ import annotations

from random import Random

from traceeval.testing._builders import call, user
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, with_users


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The day that was asked for; the thing left out."""
    return _booked(carrier, {"date": "2031-03-14"}) if rng.random() < 0.5 else _ordered(carrier, {"exclude": "walnuts"})


@mutation("planner.dropped_constraint", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Another day; the thing itself, or not left out where it could have been."""
    if rng.random() < 0.5:
        return _booked(carrier, {"date": "2031-08-27"})
    return _ordered(carrier, {"topping": "walnuts"} if rng.random() < 0.5 else {"exclude": ""})


def _booked(carrier: Carrier, given: dict[str, str]) -> Edited:
    spans = [user("Please book the visit on March 14, 2031."), call("book_visit", given, "booked")]
    return Edited(trace=ended(with_users(carrier), *spans, answer="The visit is booked."))


def _ordered(carrier: Carrier, given: dict[str, str]) -> Edited:
    spans = [user("Please order the cake without walnuts."), call("order_cake", given, "ordered")]
    return Edited(trace=ended(with_users(carrier), *spans, answer="The cake is ordered."))
