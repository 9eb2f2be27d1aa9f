"""What a user's words ask for: classes of action that stand as requests, not every verb or noun that occurs.

"Who was invited? Give me their email addresses" asks for nothing to be sent. English only; other languages are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from traceeval.graph._lexicon import classes_of, pattern, request_words, root
from traceeval.measures.language import language_of
from traceeval.measures.memo import remembered
from traceeval.measures.tokens import TOKEN

_CLAUSE = re.compile(r"(?<=[.!?;:])\s+|\n+")
_MOST = 20_000


@remembered(200_000)
def asked_classes(text: str) -> frozenset[str]:
    """Classes of action that an English text asks to be done, e.g. ``{"refund"}``."""
    return frozenset(name for clause in _CLAUSE.split(text[:_MOST]) for name in _asked(clause))


def readable(text: str) -> bool:
    """Whether the words of a text can be read here: English, or too short to tell."""
    return language_of(text) in ("en", None)


def delegates(text: str) -> bool:
    """Whether a user hands over to what a document says: "do the tasks listed in the file"."""
    return bool(pattern("delegation").search(text))


def _asked(clause: str) -> Iterator[str]:
    words = [word.lower().replace("’", "'") for word in TOKEN.findall(clause)]
    if not words:
        return
    polite = bool(pattern("request_frame").search(clause))
    if words[0] in request_words("questions") and not polite:
        return
    named: set[str] = set()
    for at, word in enumerate(words):
        kinds = classes_of(root(word))
        if kinds and ((polite and word in request_words("actions")) or _is_request(words, at, polite=polite)):
            named |= kinds
    if "pay" in named and "send" in named and _about_messages(words):
        named.discard("pay")
    yield from named


def _is_request(words: Sequence[str], at: int, *, polite: bool) -> bool:
    """Whether the action named at that place is a verb that asks, as far as the word before it and its ending tell."""
    word = words[at]
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if word in request_words("telling") and after in ("me", "us"):
        return False
    if word.endswith(("ed", "ing")) or word in request_words("past"):
        return polite and before not in request_words("reporting")
    if word in request_words("nouns"):
        return before in request_words("verb_after")
    return before not in request_words("noun_after")


def _about_messages(words: Sequence[str]) -> bool:
    said = frozenset(words)
    return bool(said & request_words("messages")) and not said & request_words("money")
