"""The words of one turn changed while they mean the same. Each function: the text, the facts it must keep, a generator.

None where there is nothing to change. English where it adds words; ``vary`` says which.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from traceeval.replay._facts import place_of

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_POINTS_BACK = re.compile(
    r"\b(?:it|its|this|that|these|those|they|them|then|he|she|also|but|so|instead|first|second|otherwise)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{5,}")
_CAPITAL = re.compile(r"(?<![\w-])[A-Z][a-z]*(?![\w-])")
_WEIGHTY = frozenset({"never", "without", "except", "cannot", "unless", "neither", "either", "please"})
_TALK = (
    "I hope you are having a good week.",
    "It has been raining here all morning.",
    "My neighbour told me about your shop.",
    "Sorry to bother you at this hour.",
)
_SHORT = (
    (r"\bplease\b", "pls"),
    (r"\bI am\b", "im"),
    (r"\bI do not\b", "i dont"),
    (r"\bI would like to\b", "i wanna"),
    (r"\bI want to\b", "i wanna"),
    (r"\byou\b", "u"),
    (r"\bI\b", "i"),
)


def sentences(text: str) -> list[str]:
    """The sentences of a turn."""
    return [one for one in _SENTENCE.split(text.strip()) if one]


def reordered(text: str, facts: Sequence[str], rng: random.Random) -> str | None:
    """The last sentence first, where none points back to another; in one sentence, its last fact before it."""
    told = sentences(text)
    if len(told) > 1:
        return None if any(_POINTS_BACK.search(one) for one in told) else " ".join((told[-1], *told[:-1]))
    return f"About {facts[-1]}: {text}" if facts else None


def irrelevant_talk(text: str, facts: Sequence[str], rng: random.Random) -> str:
    """Small talk around it."""
    before, after = rng.sample(_TALK, 2)
    return f"{before} {text} {after}"


def typing_errors(text: str, facts: Sequence[str], rng: random.Random) -> str | None:
    """Two neighbouring letters swapped in one word of six, at least in one; never in a fact or in a word that turns the meaning."""
    kept = [found.span() for fact in facts if (found := place_of(fact, text))]
    words = [
        found
        for found in _WORD.finditer(text)
        if found[0].casefold() not in _WEIGHTY
        and not any(start < found.end() and found.start() < end for start, end in kept)
        and _swaps(found[0])
    ]
    if not words:
        return None
    for found in sorted(rng.sample(words, max(1, len(words) // 6)), key=lambda one: -one.start()):
        at = found.start() + rng.choice(_swaps(found[0]))
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


def formal(text: str, facts: Sequence[str], rng: random.Random) -> str:
    """As in a letter."""
    return f"Dear Sir or Madam, I am writing to you with the following request. {text} I thank you in advance. Yours faithfully"


def casual(text: str, facts: Sequence[str], rng: random.Random) -> str:
    """As among friends: small letters, short forms, no full stop; facts stay as they are."""
    kept = {fact: f"\x00{number}\x00" for number, fact in enumerate(facts)}
    for fact, mark in kept.items():
        text = text.replace(fact, mark)
    for pattern, short in _SHORT:
        text = re.sub(pattern, short, text, flags=re.IGNORECASE if pattern == r"\bplease\b" else 0)
    text = _CAPITAL.sub(lambda found: found[0].lower(), text).rstrip(".")
    for fact, mark in kept.items():
        text = text.replace(mark, fact)
    return f"hey, {text} thx"


def _swaps(word: str) -> list[int]:
    """Places inside a word whose letter differs from the next; the first letter stays."""
    return [at for at in range(1, len(word) - 1) if word[at] != word[at + 1]]
