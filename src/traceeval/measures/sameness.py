"""Whether two answers to one question say the same, whatever their words."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.measures.claims import claims_of
from traceeval.measures.facts import Fact, stance, states_any
from traceeval.measures.polarity import polarity
from traceeval.measures.quantities import quantities


def says_same(before: str, after: str, facts: Sequence[Fact] = (), question: str | None = None) -> bool:
    """Whether ``after`` says what ``before`` said.

    Both decline, or neither; with gold facts, of which ``before`` states some: the same ones are stated; else every
    claim of ``before`` is stated by ``after`` and none of ``after`` is denied by ``before``. Lexical, so an answer put
    in quite other words counts as another one.
    """
    if _folded(before) == _folded(after):
        return True
    if _declines(before) != _declines(after):
        return False
    if _declines(before):
        return True
    stated = [states_any(before, fact, question) for fact in facts]
    if any(stated):
        return stated == [states_any(after, fact, question) for fact in facts]
    said = [polarity(text, question) for text in (before, after)]
    if None not in said and said[0] != said[1]:
        return False
    return _repeats(before, after)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".!")


def _declines(text: str) -> bool:
    codes = [sentence.skip for sentence in claims_of(text)]
    return "refusal" in codes and None not in codes


def _repeats(before: str, after: str) -> bool:
    mine, theirs = (_claims(text) for text in (before, after))
    if not mine or not theirs:
        return False
    numbers = [{quantity.value for quantity in quantities(text)} for text in (before, after)]
    if not numbers[0] <= numbers[1]:
        return False
    return all(stance(after, claim) == "states" for claim in mine) and all(
        stance(before, claim) != "denies" for claim in theirs
    )


def _claims(text: str) -> list[str]:
    return [sentence.text for sentence in claims_of(text) if sentence.skip is None]
