"""What one text of an agent does: asks for something, proposes an action, claims that one is done. Decided by word lists."""

from __future__ import annotations

import re
from collections.abc import Iterable

from traceeval.graph._lexicon import action_classes, pattern, tool_classes, words_of
from traceeval.measures.claims import claims_of
from traceeval.measures.tokens import stem, tokenise

DONE = re.compile(
    r"\b(?:(?:has|have|had|'ve|’ve|was|were|is|are) (?:now |just |already |also |successfully |been |all )*[a-z]+(?:ed|ne|nt|id|ut|en)\b"
    r"|successfully\b|(?:is|are) (?:now )?(?:done|complete|on its way|in place)|all (?:set|done)|done\b|completed\b)",
    re.IGNORECASE,
)
"""A sentence that says that something is done."""
_HEAD = re.compile(r"\W*(?:successfully |already )?[a-z]+ed\b", re.IGNORECASE)
_ASKS = re.compile(
    r"[?？]|\b(?:please|kindly) (?:\w+ ){0,2}?(?:provide|tell|give|share|send|confirm|state|specify|enter|supply|let)\b"
    r"|\b(?:could|can|may|would|will) (?:you|i)\b|\bi(?: wi|')ll need\b|\bi need\b|\blet me know\b"
    r"|\b(?:what|which|who|where|when) (?:is|are|was)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(?:anything else|something else|further (?:questions|help|assistance)|help you with (?:today|anything)|more i can)\b",
    re.IGNORECASE,
)


def asks(text: str, about: Iterable[str] = ()) -> bool:
    """Whether a text asks the user for something; with ``about``: for one of these, by any of its words' forms.

    "Anything else?" asks for nothing.
    """
    asking = [one for one in re.split(r"(?<=[.!?？\n])\s+", text) if _ASKS.search(one) and not _CLOSING.search(one)]
    wanted = [stem(word) for name in about for word in tokenise(name.replace("_", " ")).low]
    if not wanted:
        return bool(asking)
    return any(word in tokenise(one).stems for one in asking for word in wanted)


def proposes(text: str, tool: str) -> bool:
    """Whether a text puts the action of a tool before the user, as a question or as what would come next."""
    return any(
        _names(sentence.text, tool) and (_ASKS.search(sentence.text) or pattern("hypothetical").search(sentence.text))
        for sentence in claims_of(text)
    )


def claims_done(text: str, deed: str) -> bool:
    """Whether a text says that a deed is done, named by its tool (``cancel_order``) or by a word for it (``cancelled``).

    Future, conditional and denying sentences and questions claim nothing.
    """
    return any(
        sentence.skip != "question"
        and _names(sentence.text, deed)
        and (DONE.search(sentence.text) is not None or _HEAD.match(sentence.text) is not None)
        and not pattern("hypothetical").search(sentence.text)
        for sentence in claims_of(text)
    )


def _names(text: str, deed: str) -> bool:
    """Whether a text names a deed: by a word of its class of action, where it has one, else by a word of its name."""
    kinds = tool_classes(deed)
    if kinds:
        return bool(kinds & action_classes(text))
    return bool({stem(word) for word in words_of(deed)} & set(tokenise(text).stems))
