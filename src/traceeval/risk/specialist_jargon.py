"""A request in a specialist's words: whether the answer is right, a specialist has to say."""

from __future__ import annotations

from traceeval.graph import Dossier
from traceeval.model import RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason
from traceeval.risk._triggers import quoted, told


@risk_rule("specialist_jargon")
def specialist_jargon(dossier: Dossier) -> RiskReason | None:
    """A user's turn uses terms of medicine, law, finance, science or engineering, by the lexicon of its language."""
    for at, text in dossier.graph.users:
        found = told(text, ("jargon",))
        if found is not None:
            words = ", ".join(repr(word) for word in found.words)
            said = f"specialist jargon: {words} ({found.lexicon})"
            return reason(dossier, "specialist_jargon", said, [quoted(dossier, at, text, found.words)], acted=0.0)
    return None
