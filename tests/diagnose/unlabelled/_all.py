"""All written cases as (trace, case)."""

from collections.abc import Iterator

from tests.diagnose.unlabelled import (
    airline,
    bank,
    campus,
    clinic,
    garden,
    handbook,
    museum,
    queue_service,
    ship,
    town,
)
from tests.diagnose.unlabelled._case import Case, trace_of

from traceeval.model import Trace

DESKS = tuple(
    module.DESK for module in (airline, bank, campus, clinic, garden, handbook, museum, queue_service, ship, town)
)


def written() -> Iterator[tuple[Trace, Case]]:
    """Every case with the trace it would have left."""
    for desk in DESKS:
        yield from ((trace_of(desk, number), case) for number, case in enumerate(desk.cases))
