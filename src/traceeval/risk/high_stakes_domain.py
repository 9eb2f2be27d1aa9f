"""A request about health, money, law or safety, where a wrong answer does harm: a person looks, whatever the scores say."""

from __future__ import annotations

from traceeval.graph import Dossier
from traceeval.model import RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason
from traceeval.risk._triggers import quoted, told

DOMAINS = ("health", "law", "finance", "safety")


@risk_rule("high_stakes_domain")
def high_stakes_domain(dossier: Dossier) -> RiskReason | None:
    """A user's turn speaks of health, finance, law or safety, by the lexicon of its language."""
    for at, text in dossier.graph.users:
        found = told(text, DOMAINS)
        if found is not None:
            words = ", ".join(repr(word) for word in found.words)
            said = f"high stakes, {found.table}: the user speaks of {words} ({found.lexicon})"
            return reason(dossier, "high_stakes_domain", said, [quoted(dossier, at, text, found.words)], acted=0.0)
    return None
