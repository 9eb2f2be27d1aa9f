"""ARG-4: of two people in a list the user names one and the call changes the other; twin: the call changes the right one."""

from __future__ import annotations

from random import Random

from traceeval.model import Basis, ToolSpec
from traceeval.testing._builders import call, user
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, fresh, with_users

LISTS = ToolSpec(name="list_members", effect="read", basis=Basis.DECLARED)
CLOSES = ToolSpec(
    name="close_membership", effect="write", entity=("id",), arg_roles={"id": "resource"}, basis=Basis.DECLARED
)


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """The one who was named."""
    return _closed(carrier, rng, wrong=False)


@mutation("tool.wrong_entity", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """The other one."""
    return _closed(carrier, rng, wrong=True)


def _closed(carrier: Carrier, rng: Random, *, wrong: bool) -> Edited:
    mine, other = fresh(rng), fresh(rng)
    people = [{"id": mine, "name": "Wilhelmina Okoro"}, {"id": other, "name": "Tadeusz Brandvold"}]
    spans = [
        user("Please end the membership of Wilhelmina Okoro."),
        call(LISTS.name, {}, people),
        call(CLOSES.name, {"id": other if wrong else mine}, "ok"),
    ]
    return Edited(trace=ended(with_users(carrier), *spans), tools=carrier.with_tools(LISTS, CLOSES))
