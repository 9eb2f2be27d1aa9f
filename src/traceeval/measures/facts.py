"""Gold facts: which of them a text states. Values are compared by type; sentences by lexical support.

A value in a negated or rejected clause is not stated: "It is not Paris, it is Rome" does not state Paris.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from traceeval.measures.claims import claims_of
from traceeval.measures.flips import ALIGNED, vetoes
from traceeval.measures.lexicon import NUMBER_WORDS, SCALES, is_negation
from traceeval.measures.memo import remembered
from traceeval.measures.numbers import dates_of, digit_values, values_of
from traceeval.measures.polarity import NO, YES, polarity
from traceeval.measures.support import Context, claim_support, content_count, features_of, missing_numbers, page_of
from traceeval.measures.tokens import STOP, Tokens, number_value, tokenise

Fact: TypeAlias = tuple[str, ...]
"""A gold fact as its alternatives: any of them will do."""
Stance: TypeAlias = Literal["states", "denies", "silent"]

VALUE_WORDS, VALUE_TOKENS = 5, 7
_CLAUSE = re.compile(
    r"(?<=[;:])\s+|,\s+(?!\d)|\s+(?=(?:but|rather|instead|unlike|contrary)\s)|(?<=[.!?])\s+|\n+|\s[–—]\s"
)
_BOUND = frozenset("exceed more less later over under only before after until than longer earlier".split())
_REJECTING = (
    " rather than ",
    " instead of ",
    " other than ",
    " opposed to ",
    " contrary to ",
    " unlike ",
    " except ",
    " used to be ",
)
_NOT_ALONE = (" not only ", " not just ", " not merely ")
_COPULAS = frozenset("is was are were isn't wasn't aren't weren't".split())
_WRONG = frozenset("wrong incorrect false mistaken untrue".split())
_GUESSING = frozenset("either may might could perhaps possibly maybe probably".split())
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


def states_any(text: str, fact: Fact, question: str | None = None) -> bool:
    """Whether a text states one of a fact's alternatives; the question tells what yes and no are about."""
    return states(text, fact[0], question) if len(fact) == 1 else any(states(text, one, question) for one in fact)


def denies(text: str, fact: Fact, question: str | None = None) -> bool:
    """Whether a text rejects a fact or turns it round, and states none of its alternatives."""
    stances = [stance(text, one, question) for one in fact]
    return "denies" in stances and "states" not in stances


def states(text: str, fact: str, question: str | None = None) -> bool:
    """Whether a text states a fact."""
    return not _out_of_reach(text, fact) and stance(text, fact, question) == "states"


def _out_of_reach(text: str, fact: str) -> bool:
    """Whether a text cannot state a sentence: it has none of its words, or lacks a number of it. A cheap look before."""
    tokens, digits, dated = _read(fact)
    if tokens is None:
        return False
    page = page_of(text)
    if page.stems.isdisjoint(tokens.content):
        return True
    if not digits or page.numbers.issuperset(digits):
        return False
    return not dated or bool(missing_numbers(tokens, fact, page))


@remembered(200_000)
def _read(fact: str) -> tuple[Tokens | None, tuple[float | str, ...], bool]:
    """(tokens, values of its digits, whether it names a date) of a fact that is a sentence; None for a value."""
    if is_value(fact):
        return None, (), False
    tokens = tokenise(fact)
    return tokens, tuple([value for _, value in digit_values(tokens)]), bool(dates_of(fact, tokens))


def stance(text: str, fact: str, question: str | None = None) -> Stance:
    """``states``, ``denies`` (the value stands in a rejected clause, the sentence turned round), or ``silent``."""
    low = tokenise(fact).low
    if len(low) == 1 and low[0] in YES | NO:
        said = polarity(text, question)
        return "silent" if said is None else "states" if said == (low[0] in YES) else "denies"
    return _stance(text, fact)


@remembered(500_000)
def _stance(text: str, fact: str) -> Stance:
    tokens = tokenise(fact)
    if not tokens.low:
        return "silent"
    return (_of_value if is_value(fact) else _of_sentence)(text, fact, tokens)


def place_of(text: str, fact: Fact, question: str | None = None) -> tuple[int, int] | None:
    """Where a text states a fact: the range of its first sentence that does, else the whole; None when it does not."""
    if not states_any(text, fact, question):
        return None
    sentences = page_of(text).sentences
    ranges = ((s.start, s.end) for s in sentences if s.text == text or states_any(s.text, fact, question))
    return next(ranges, (0, len(text)))


def _of_value(text: str, fact: str, tokens: Tokens) -> Stance:
    wanted_dates = dates_of(fact, tokens)
    numbers = {value for _, value in digit_values(tokens)} or (values_of(tokens) if _is_count(tokens) else set())
    words = [stem for stem, low in zip(tokens.stems, tokens.low, strict=True) if _is_word(low, bool(numbers))]
    units = _units(tokens) if numbers else []
    found: Stance = "silent"
    for clause in _CLAUSE.split(text):
        spoken = tokenise(clause)
        at = _dated(clause, spoken, wanted_dates) if wanted_dates else _found(spoken, numbers, words, units)
        if at is None or _left_open(clause, spoken, at, len(tokens.low)):
            continue
        if not _rejected(spoken, at, tokens):
            return "states"
        found = "denies"
    return found


def _dated(clause: str, spoken: Tokens, wanted: set[tuple[int | None, int | None, int]]) -> int | None:
    """Where a clause names the wanted dates: at their day, or at its head; None when it does not."""
    if not wanted <= dates_of(clause, spoken):
        return None
    days = {float(day) for _, _, day in wanted}
    return next((at for at, low in enumerate(spoken.low) if number_value(low) in days), 0)


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
    """A negation shortly before the value that does not bound it, or right behind it; or none, where the fact has one."""
    if any(is_negation(low) for low in fact.low):
        return not any(is_negation(low) for low in spoken.low)
    before = spoken.low[max(0, at - _REACH) : at]
    text = f" {' '.join(before)} "
    if any(phrase in text for phrase in _REJECTING):
        return True
    if any(is_negation(low) for low in before) and not (_BOUND & set(before) and " no longer " not in text):
        return not any(phrase in text for phrase in _NOT_ALONE)
    return _denied_behind(spoken, at, fact)


def _denied_behind(spoken: Tokens, at: int, fact: Tokens) -> bool:
    """``Paris is not …``, ``Paris is wrong``: the value heads its clause."""
    if any(low not in STOP for low in spoken.low[:at]):
        return False
    behind = spoken.low[at + len(fact.low) : at + len(fact.low) + 3]
    if not behind or not (behind[0] in _COPULAS or is_negation(behind[0])):
        return False
    return is_negation(behind[0]) or any(is_negation(low) or low in _WRONG for low in behind[1:2])


def _left_open(clause: str, spoken: Tokens, at: int, length: int) -> bool:
    """``either Paris or Rome``, ``perhaps Paris or Rome``: of several guesses none is asserted."""
    near = spoken.low[max(0, at - 1) : at + length + 1]
    return "or" in near and bool(_GUESSING & set(spoken.low)) and "whether" not in spoken.low


def _of_sentence(text: str, fact: str, tokens: Tokens) -> Stance:
    context = Context([text])
    found = features_of(tokens, fact, context)
    best = context.sentences[found.evidence[0]] if found.evidence else None
    aligned = best is not None and found.best_share >= ALIGNED
    # seen from the text, a fact that was cut short is still stated; one that was turned round is not
    if aligned and best is not None and _turned(tokens, fact, best.tokens, best.text):
        return "denies"
    if claim_support(found) < 0.5 or found.numbers:
        return "silent"
    return "states" if aligned or found.cov >= 0.75 else "silent"


def _turned(claim: Tokens, claim_text: str, source: Tokens, source_text: str) -> bool:
    return any(diff.veto in TURNED for diff in vetoes(claim, claim_text, source, source_text))


TURNED = frozenset({"number", "date", "unit", "negation", "antonym", "entity"})
"""Vetoes after which a sentence no longer says the same."""
