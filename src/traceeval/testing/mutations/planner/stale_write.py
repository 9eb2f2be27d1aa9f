"""RBW-2: a number is read, the thing is changed, and the old number is written; twin: it is read again in between."""

from __future__ import annotations

from random import Random

from traceeval.model import Basis, Span, ToolSpec
from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, fresh

READ = ToolSpec(
    name="get_ledger", effect="read", entity=("id",), arg_roles={"id": "resource"}, volatile=False, basis=Basis.DECLARED
)
FEE = ToolSpec(
    name="add_fee", effect="write", entity=("id",), arg_roles={"id": "resource"}, idempotent=False, basis=Basis.DECLARED
)
BOOK = ToolSpec(
    name="book_amount",
    effect="write",
    entity=("id",),
    arg_roles={"id": "resource", "amount": "amount"},
    idempotent=False,
    basis=Basis.DECLARED,
)


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Read again."""
    return _booked(carrier, rng, renewed=True)


@mutation("planner.stale_write", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """The number of before."""
    return _booked(carrier, rng, renewed=False)


def _booked(carrier: Carrier, rng: Random, *, renewed: bool) -> Edited:
    id, amount = fresh(rng), rng.randrange(10**6, 10**7) / 1000
    look = call(READ.name, {"id": id}, {"id": id, "due": amount})
    spans: list[Span] = [look, call(FEE.name, {"id": id}, "ok")]
    spans += [look] if renewed else []
    spans.append(call(BOOK.name, {"id": id, "amount": amount}, "ok"))
    return Edited(trace=ended(carrier.trace, *spans), tools=carrier.with_tools(READ, FEE, BOOK))
