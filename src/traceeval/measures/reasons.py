"""Reason codes: they explain an outcome, they do not decide it, and they overlap (faithfulness.md section 4)."""

from __future__ import annotations

from traceeval.measures.lexicon import HEDGES, MONTHS, QUANTIFIERS, WEEKDAYS, is_negation
from traceeval.measures.support import Context, Features
from traceeval.measures.tokens import Tokens

_AMBIGUOUS_MONTHS = frozenset({"may", "march", "mar", "sep", "dec", "jan", "jun", "jul"})


def reason_codes(claim: Tokens, found: Features, context: Context) -> tuple[str, ...]:
    """Codes that fire on a claim, most telling first."""
    evidence = [context.source(at).sentence.tokens for at in found.evidence]
    near = {low for tokens in evidence for low in tokens.low}
    dates = {low for low in claim.low if (low in MONTHS and low not in _AMBIGUOUS_MONTHS) or low in WEEKDAYS}
    everywhere = (
        {low for page in context.pages for sentence in page.sentences for low in sentence.tokens.low}
        if dates
        else set()
    )
    checks = (
        ("absent_date", bool(dates - everywhere)),
        (
            "new_negation",
            any(is_negation(low, wide=True) for low in claim.low)
            and not any(is_negation(low, wide=True) for low in near),
        ),
        ("absent_number", found.nummiss > 0),
        ("absent_name", found.capmiss > 0),
        ("new_qualifier", bool((HEDGES | QUANTIFIERS) & set(claim.low) - near)),
        ("stitched_support", _stitched(claim, context, near)),
    )
    return tuple(code for code, fired in checks if fired)


def _stitched(claim: Tokens, context: Context, near: set[str]) -> bool:
    names = [
        (low, stem)
        for raw, low, stem in zip(claim.raw[1:], claim.low[1:], claim.stems[1:], strict=True)
        if raw[0].isupper()
    ]
    return any(stem in context.stems and low not in near for low, stem in names)
