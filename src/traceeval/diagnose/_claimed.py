"""What an answer claims, and what each claim rests on, as far as a checker can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from traceeval.model import ClaimVerdict, Edge, Passage

_CUT = 0.5  # the checker's own: from this p on a claim counts in full
_HALF = 0.5
_TURNED = frozenset({"number", "date", "negation", "antonym", "entity"})
_PARTICLE = re.compile(r"(?:yes|no)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Basis:
    """A claim with the passage it rests on. ``credit``: .5..1, how much of a basis that is."""

    verdict: ClaimVerdict
    edge: Edge
    passage: Passage
    credit: float


def bases(verdicts: Sequence[ClaimVerdict], passages: Sequence[Passage]) -> Iterator[Basis]:
    """The claims that rest on something the model was given. What the user said is a question, not a basis."""
    given = {passage.id: passage for passage in passages if passage.kind != "user"}
    for verdict in verdicts:
        edge = next((edge for edge in verdict.edges if edge.passage in given), None)
        credit = 0.0 if is_baseless(verdict) else min(1.0, (verdict.p or 0.0) / _CUT)
        if edge is not None and credit >= _HALF:
            yield Basis(verdict, edge, given[edge.passage], credit)


def is_baseless(verdict: ClaimVerdict) -> bool:
    """Unsupported or contradicted; a value that stands nowhere; a value, a name or the sense turned round.

    The ``No`` that answers a yes-or-no question turns nothing round, and a dropped hedge only bends it.
    """
    if verdict.outcome in ("unsupported", "contradicted"):
        return True
    invented = any(value[:1].isdigit() for value in verdict.missing) and "computed_number" not in verdict.codes
    turned = {diff.veto for diff in verdict.diffs} & _TURNED
    if _PARTICLE.match(verdict.claim.text):
        turned -= {"negation"}
    return invented or bool(turned)
