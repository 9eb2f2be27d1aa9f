"""Gold facts: which of them a text states. Values are compared by type; sentences by lexical support.

A value in a negated or rejected clause is not stated: "It is not Paris, it is Rome" does not state Paris.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from traceeval.measures.claims import claims_of
from traceeval.measures.flips import ALIGNED, vetoes
from traceeval.measures.lexicon import NUMBER_WORDS, SCALES, is_negation
from traceeval.measures.memo import remembered
from traceeval.measures.numbers import dates_of, digit_values, values_of
from traceeval.measures.support import Context, claim_support, content_count, features_of
from traceeval.measures.tokens import STOP, Tokens, number_value, tokenise

Fact: TypeAlias = tuple[str, ...]
"""A gold fact as its alternatives: any of them will do."""

VALUE_WORDS, VALUE_TOKENS = 5, 7
_CLAUSE = re.compile(r"(?<=[;:])\s+|,\s+(?!\d)|\s+(?:but|rather|instead)\s+|(?<=[.!?])\s+|\n+|\s[–—]\s")
_BOUND = frozenset("exceed more less later over under only before after until than longer earlier".split())
_YES, _NO = frozenset({"yes", "correct", "true", "right"}), frozenset({"no", "incorrect", "false", "wrong"})
_REACH = 4


def facts_of(answers: Sequence[str] | None, claims: Sequence[str] | None) -> tuple[Fact, ...]:
    """The facts of a reference: its claims; else its answers as one fact; else, for a long answer, its sentences."""
    if claims is not None:
        return tuple((claim,) for claim in claims)
    if not answers:
        return ()
    if any(is_value(answer) for answer in answers):
        return (tuple(answers),)
    return tuple((sentence.text,) for sentence in claims_of(answers[0]) if sentence.skip is None)


def is_value(text: str) -> bool:
    """Whether a reference is a value (a number, date, name, yes or no) rather than a statement."""
    tokens = tokenise(text)
    return content_count(tokens) <= VALUE_WORDS and len(tokens.low) <= VALUE_TOKENS and not text.rstrip().endswith(".")


def states_any(text: str, fact: Fact) -> bool:
    """Whether a text states one of a fact's alternatives."""
    return any(states(text, one) for one in fact)


@remembered(500_000)
def states(text: str, fact: str) -> bool:
    """Whether a text states a fact."""
    tokens = tokenise(fact)
    if not tokens.low:
        return False
    return (_states_value if is_value(fact) else _states_sentence)(text, fact, tokens)


def _states_value(text: str, fact: str, tokens: Tokens) -> bool:
    if len(tokens.low) == 1 and tokens.low[0] in _YES | _NO:
        return _polarity(text, tokens.low[0] in _YES)
    wanted_dates = dates_of(fact, tokens)
    numbers = {value for _, value in digit_values(tokens)} or (values_of(tokens) if _is_count(tokens) else set())
    words = [stem for stem, low in zip(tokens.stems, tokens.low, strict=True) if _is_word(low, bool(numbers))]
    units = _units(tokens) if numbers else []
    for clause in _CLAUSE.split(text):
        spoken = tokenise(clause)
        if wanted_dates:
            if wanted_dates <= dates_of(clause, spoken):
                return True
            continue
        at = _found(spoken, numbers, words, units)
        if at is not None and not _rejected(spoken, at, tokens):
            return True
    return False


def _is_count(tokens: Tokens) -> bool:
    """A fact that is little more than a number word."""
    return len(values_of(tokens)) == 1 and len(tokens.low) <= 3


def _is_word(low: str, numeric: bool) -> bool:
    """Words that must stand beside the numbers: units and names, not the number itself, not stop words."""
    return low not in STOP and number_value(low) is None and not (numeric and low in {"$", "€", "£", "¥"})


def _units(tokens: Tokens) -> list[tuple[float | str, str]]:
    """(value, the word right behind it) of every number of a fact: ``7 days`` is not ``7 working days``."""
    return [
        (value, tokens.stems[at + 1])
        for at, low in enumerate(tokens.low[:-1])
        if (value := _value_at(low)) is not None and tokens.low[at + 1].isalpha() and tokens.low[at + 1] not in STOP
    ]


def _value_at(low: str) -> float | str | None:
    value = number_value(low)
    return value if value is not None else NUMBER_WORDS.get(low)


def _beside(spoken: Tokens, value: float | str, unit: str) -> bool:
    """Whether a clause has that value with that word right behind it, or behind a scale word."""
    return any(
        unit in spoken.stems[at + 1 : at + 3] and (spoken.stems[at + 1] == unit or spoken.low[at + 1] in SCALES)
        for at, low in enumerate(spoken.low[:-1])
        if _value_at(low) == value or spoken.low[at + 1] in SCALES
    )


def _found(
    spoken: Tokens, numbers: set[float | str], words: list[str], units: list[tuple[float | str, str]]
) -> int | None:
    """Where a clause states all numbers and words of a fact: the first place; None when it does not."""
    if numbers and not numbers <= values_of(spoken):
        return None
    if any(word not in spoken.stems for word in words):
        return None
    if any(not _beside(spoken, value, unit) for value, unit in units):
        return None
    if numbers:
        places = [at for at, low in enumerate(spoken.low) if number_value(low) in numbers] or [0]
    else:
        places = [spoken.stems.index(words[0])] if words else []
    return places[0] if places else None


def _rejected(spoken: Tokens, at: int, fact: Tokens) -> bool:
    """A negation shortly before the value that does not bound it; or none, where the fact has one."""
    if any(is_negation(low) for low in fact.low):
        return not any(is_negation(low) for low in spoken.low)
    before = spoken.low[max(0, at - _REACH) : at]
    return any(is_negation(low) for low in before) and not _BOUND & set(before)


def _polarity(text: str, yes: bool) -> bool:
    first = tokenise(text).low[:1]
    return bool(first) and first[0] in (_YES if yes else _NO)


def _states_sentence(text: str, fact: str, tokens: Tokens) -> bool:
    context = Context([text])
    found = features_of(tokens, fact, context)
    if claim_support(found) < 0.5 or found.numbers:
        return False
    best = context.source(found.evidence[0]).sentence if found.evidence else None
    if best is None or found.best_share < ALIGNED:
        return found.cov >= 0.75
    # seen from the text, a fact that was cut short is still stated; one that was turned round is not
    return not any(diff.veto in _TURNED for diff in vetoes(tokens, fact, best.tokens, best.text))


_TURNED = frozenset({"number", "date", "negation", "antonym", "entity"})
