"""How interesting a trace is to look at: the signals of review.md section 6 and their weights, frozen in the plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

WEIGHTS: Mapping[str, float] = {
    "uncertainty": 1.0,  # sqrt(p (1 - p)) of the risk level: where a label teaches most
    "risk": 1.0,  # the level itself: where harm is
    "conflict": 0.5,  # judges disagree, a claim nobody could settle, or a failure masked by a right answer
    "ambiguity": 0.5,
    "stakes": 0.5,  # a domain where an error costs a lot, or words only a specialist can judge
}
RULES: Mapping[str, frozenset[str]] = {
    "conflict": frozenset({"deferred_claim", "judges_disagree", "masked_failure"}),
    "ambiguity": frozenset({"ambiguous_request"}),
    "stakes": frozenset({"high_stakes_domain", "specialist_jargon"}),
}


def signals(level: float, rules: Iterable[str]) -> dict[str, float]:
    """What is known of a trace before anybody looks: its risk level, 0..1, and the rules that gave a reason."""
    told = frozenset(rules)
    found = {name: float(bool(told & members)) for name, members in RULES.items()}
    return {"uncertainty": math.sqrt(max(level * (1 - level), 0.0)), "risk": level, **found}


def interest(found: Mapping[str, float]) -> float:
    """The weighted sum of the signals, 0 or more."""
    return sum(WEIGHTS[name] * value for name, value in found.items())
