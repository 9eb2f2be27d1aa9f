"""Reason codes: they explain an outcome, they do not decide it, and they overlap (faithfulness.md section 4)."""

from __future__ import annotations

from traceeval.measures.lexicon import HEDGES, MONTHS, QUANTIFIERS, WEEKDAYS, negates
from traceeval.measures.support import Context, Features
from traceeval.measures.tokens import Tokens

_AMBIGUOUS_MONTHS = frozenset({"may", "march", "mar", "sep", "dec", "jan", "jun", "jul"})
_DATES = (MONTHS.keys() - _AMBIGUOUS_MONTHS) | WEEKDAYS
_QUALIFIERS = HEDGES | QUANTIFIERS


def reason_codes(claim: Tokens, found: Features, context: Context) -> tuple[str, ...]:
    """Codes that fire on a claim, most telling first."""
    near = frozenset[str]().union(*[context.sentences[at].tokens.low for at in found.evidence])
    checks = (
        ("absent_date", _absent_date(claim, context)),
        ("new_negation", negates(claim.low, wide=True) and not negates(near, wide=True)),
        ("absent_number", found.nummiss > 0),
        ("absent_name", found.capmiss > 0),
        ("new_qualifier", not _QUALIFIERS.isdisjoint(claim.low) and not near >= _QUALIFIERS.intersection(claim.low)),
        ("stitched_support", _stitched(claim, context, near)),
    )
    return tuple([code for code, fired in checks if fired])


def _absent_date(claim: Tokens, context: Context) -> bool:
    dates = _DATES.intersection(claim.low)
    return bool(dates) and not dates <= {low for sentence in context.sentences for low in sentence.tokens.low}


def _stitched(claim: Tokens, context: Context, near: frozenset[str]) -> bool:
    """A name that stands in the context, but not in the evidence."""
    if near.issuperset(claim.low[1:]):
        return False
    names = zip(claim.raw[1:], claim.low[1:], claim.stems[1:], strict=True)
    return any(low not in near and raw[0].isupper() and stem in context.stems for raw, low, stem in names)
