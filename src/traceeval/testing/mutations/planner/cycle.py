"""CYC-1: three searches that find nothing; twin: each of them finds something new."""

from __future__ import annotations

from random import Random

from traceeval.model import Basis, ToolSpec
from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended, fresh

SEARCH = ToolSpec(name="search_archive", effect="read", volatile=False, basis=Basis.DECLARED)


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """Pages with facts."""
    return _searches(carrier, [" ".join(fresh(rng) for _ in range(4)) for _ in range(3)])


@mutation("planner.cycle", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """The same move three times, and nothing learnt."""
    return _searches(carrier, ["nothing found"] * 3)


def _searches(carrier: Carrier, results: list[str]) -> Edited:
    spans = [call(SEARCH.name, {"words": f"part {n}"}, result) for n, result in enumerate(results)]
    return Edited(trace=ended(carrier.trace, *spans), tools=carrier.with_tools(SEARCH))
