"""All written cases as (trace, case)."""

from collections.abc import Iterator, Sequence

from tests.diagnose.unlabelled import (
    airline,
    bank,
    campus,
    cinema,
    clinic,
    donation,
    ebike,
    garden,
    handbook,
    hosting,
    hotel,
    museum,
    queue_service,
    ship,
    town,
)
from tests.diagnose.unlabelled._case import Case, Desk, trace_of

from traceeval.model import Trace

EARLIER = tuple(
    module.DESK for module in (airline, bank, campus, clinic, garden, handbook, museum, queue_service, ship, town)
)

LATER = tuple(module.DESK for module in (cinema, donation, ebike, hosting, hotel))


def written(desks: Sequence[Desk]) -> Iterator[tuple[Trace, Case]]:
    """Every case with the trace it would have left."""
    for desk in desks:
        yield from ((trace_of(desk, number), case) for number, case in enumerate(desk.cases))
