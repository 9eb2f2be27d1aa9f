"""Yes or no: what a text says to a question that can be answered so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from traceeval.measures.lexicon import ANTONYMS, is_negation
from traceeval.measures.memo import remembered
from traceeval.measures.support import page_of
from traceeval.measures.tokens import Tokens, tokenise, weight

YES = frozenset({"yes", "correct", "true", "right", "yeah", "yep", "indeed", "certainly", "absolutely", "definitely"})
NO = frozenset({"no", "incorrect", "false", "wrong", "nope"})
ENOUGH, MOST = 0.6, 0.8
_CLAUSE = re.compile(r"[,;:]\s+|\s+(?:but|since|because|although|while|as)\s+")
_OPENING = re.compile(r"^[\s\"'*_(]*(?:(?:well|so|unfortunately|sadly|sorry)[,:]? )?", re.IGNORECASE)
_NOT_SO = re.compile(
    r"^(?:(?:it|that|this|they|you)(?: is|'s|’s| are| do| does| can| may)?(?: not|n't|n’t)\b|(?:cannot|can't)\b|not\b)",
    re.I,
)
_ASKING = frozenset(tokenise("please tell know whether whatever anything ever possible").stems)


def polarity(text: str, question: str | None = None) -> bool | None:
    """True for yes, False for no, None where a text does not say.

    The word itself at the head of the text decides; else, with the question, the sentence that says again what was
    asked: as it was asked, negated, or with the opposite word.
    """
    return _polarity(text, question or "")


@remembered(300_000)
def _polarity(text: str, question: str) -> bool | None:
    opening = _OPENING.match(text)
    head = text[opening.end() if opening else 0 :]
    first = tokenise(head[:80]).low[:1]
    if first and first[0] in YES | NO:
        return first[0] in YES
    asked = asked_of(question)
    best, share = None, 0.0
    for piece in _pieces(text) if asked else ():
        covered = coverage(asked, piece)
        if covered > share + 1e-9 and covered >= (ENOUGH if _adds_nothing(piece, asked, question) else MOST):
            best, share = piece, covered
    if best is None:
        return False if asked and _NOT_SO.match(head) else None
    return _agrees(tokenise(question), asked, best)


def _adds_nothing(piece: Tokens, asked: frozenset[str], question: str) -> bool:
    """Whether a clause only says again what was asked: other words beside a part of it may be about something else."""
    known = {*tokenise(question).stems, *asked}
    return all(stem in known or any((stem, one) in ANTONYMS for one in asked) for stem in piece.content)


def _pieces(text: str) -> Iterator[Tokens]:
    """The clauses of every sentence that claims, then the sentence: what is denied beside the point turns nothing."""
    for sentence in page_of(text).sentences:
        if not sentence.text.endswith(("?", "？")):
            yield from (tokenise(clause) for clause in _CLAUSE.split(sentence.text))
            yield sentence.tokens


@lru_cache(maxsize=1024)
def asked_of(question: str) -> frozenset[str]:
    """The content stems of a question, without the words that only ask."""
    return frozenset(tokenise(question).content) - _ASKING


def coverage(asked: frozenset[str], tokens: Tokens) -> float:
    """Weight of the asked stems that a sentence holds, or holds the opposite of, as a share, 0..1."""
    total = sum(map(weight, asked))
    held = set(tokens.stems)
    found = sum(weight(stem) for stem in asked if stem in held or _opposed(stem, tokens))
    return found / total if total else 0.0


def _opposed(stem: str, tokens: Tokens) -> bool:
    return any((stem, other) in ANTONYMS for other in tokens.stems)


def _agrees(question: Tokens, asked: frozenset[str], sentence: Tokens) -> bool:
    """As asked, unless an odd number of negations and opposites stands between; ``isn't it …?`` asks what ``is it`` does."""
    turns = sum(map(is_negation, sentence.low)) + sum(map(is_negation, question.low[1:]))
    held = set(sentence.stems)
    turns += sum(stem not in held and _opposed(stem, sentence) for stem in asked)
    return turns % 2 == 0
