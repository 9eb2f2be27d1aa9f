"""ERR-3: the last read says that there is more, and the answer counts what it has; twin: the answer says it is a part."""

from __future__ import annotations

import re
from random import Random

from traceeval.testing._builders import call
from traceeval.testing._mutation import Carrier, Edited, mutation
from traceeval.testing.mutations._edit import ended

FEW = re.compile(r"\b(?:top|first|latest|last|most recent|newest|some|a few|any|sample|example)\b", re.IGNORECASE)


def twin(carrier: Carrier, rng: Random) -> Edited | None:
    """At least three, so far."""
    return _counted(carrier, "There are at least 3 entries so far.")


@mutation("generator.partial_as_whole", twin=twin)
def plant(carrier: Carrier, rng: Random) -> Edited | None:
    """Three in total."""
    return _counted(carrier, "There are 3 entries in total.")


def _counted(carrier: Carrier, answer: str) -> Edited | None:
    """Not where users ask for the first few: then a part is the whole of what they want."""
    if any(FEW.search(text) for _, text in carrier.graph.users):
        return None
    page = call("list_entries", {"page": 1}, {"entries": ["a", "b", "c"], "has_more": True})
    return Edited(trace=ended(carrier.trace, page, answer=answer))
