"""The contract of every checker of claims (faithfulness.md section 6)."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.judge import Checker
from traceeval.model import Claim, ClaimVerdict, Passage

_PASSAGES = (
    Passage(id="p1", text="The Nile is 6650 km long. It flows north to the Mediterranean Sea."),
    Passage(id="p2", text="Background checks found no prior sanctions against the customer."),
)
_UNRELATED = Passage(id="p3", text="Tomato seedlings need six weeks indoors before they are planted out.")
_TEXTS = (
    "The Nile is 6650 km long.",
    "Background checks found no prior sanctions against the customer.",
    "The Amazon carries more water than any other river on the planet.",
    "Нил течёт на север.",
    "x",
)


def check_checker(checker: Checker) -> None:
    """Ask about claims of several kinds, with and without passages.

    Raises:
        AssertionError: a verdict that is missing, out of order, unsigned or out of range; a quote that is not there; a
            contradiction from a checker that does not claim to know any; an unrelated passage that costs support.
            Anything the checker itself raises.
    """
    claims = [Claim(id=f"c{n}", text=text, span=(0, len(text))) for n, text in enumerate(_TEXTS, 1)]
    if not checker.id:
        raise AssertionError("id names kind and version; it is empty")
    for passages in (_PASSAGES, ()):
        _check(checker, claims, passages, checker.check(claims, passages))
    if list(checker.check([], _PASSAGES)):
        raise AssertionError(f"{checker.id}: verdicts without a claim")
    before = checker.check(claims, _PASSAGES)
    after = checker.check(claims, (*_PASSAGES, _UNRELATED))
    if list(before) != list(checker.check(claims, _PASSAGES)):
        raise AssertionError(f"{checker.id}: the same question got two answers; be deterministic, or cache")
    for one, other in zip(before, after, strict=True):
        if one.outcome == "supported" and other.outcome == "unsupported":
            raise AssertionError(f"{checker.id}: an unrelated passage turned {one.claim.text!r} to unsupported")


def _check(
    checker: Checker, claims: Sequence[Claim], passages: Sequence[Passage], found: Sequence[ClaimVerdict]
) -> None:
    if [verdict.claim for verdict in found] != list(claims):
        raise AssertionError(
            f"{checker.id}: one verdict per claim, in the same order; got {len(found)} for {len(claims)}"
        )
    texts = {passage.id: passage.text for passage in passages}
    for verdict in found:
        where = f"{checker.id} on {verdict.claim.text!r}"
        if verdict.outcome == "contradicted" and "contradiction" not in checker.can:
            raise AssertionError(f"{where}: contradicted, but 'contradiction' is not in can")
        if verdict.p is not None and not 0 <= verdict.p <= 1:
            raise AssertionError(f"{where}: p = {verdict.p} is no probability")
        if not verdict.by:
            raise AssertionError(f"{where}: by is empty; it says who decided")
        if verdict.outcome == "defer" and not verdict.codes:
            raise AssertionError(f"{where}: a deferred claim says why in codes")
        for edge in verdict.edges:
            if not edge.quote or texts.get(edge.passage, "")[slice(*edge.span)] != edge.quote:
                raise AssertionError(f"{where}: {edge.quote!r} does not stand in {edge.passage!r} at {edge.span}")
