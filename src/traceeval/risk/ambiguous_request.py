"""A request nobody could carry out without asking back: what was done is a guess, however well it was done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from traceeval.graph import Dossier
from traceeval.graph._asked import asked_classes
from traceeval.measures.tokens import TOKEN
from traceeval.model import RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason
from traceeval.risk._triggers import quoted, told

_POLITE = re.compile(
    r"^\W*(?:(?:hi|hello|hey)\b[\s,!.]*)?(?:(?:please|kindly|can you|could you|would you)\b[\s,]*)+", re.IGNORECASE
)
_DANGLING = re.compile(
    r"\b(?P<word>it|that|this|them|those|these|him|her)\b(?=\s*(?:[.,;!?]|$|\b(?:to|for|by|off|at|in|on|back|up|down|out|now|today|tomorrow|asap|please|away|into|from|with|and|or|again|access)\b))",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\d|[\"'«»„“”`]\w|[\w.+-]+@[\w-]+\.\w|https?://|[\w-]+\.\w{2,4}\b|[/#]\w")
_NOUN = re.compile(r"\b(?:the|my|our|your|a|an|his|her|their)\s+(?!same\b|other\b)\w{3,}", re.IGNORECASE)
_SHORT = 5


@risk_rule("ambiguous_request")
def ambiguous_request(dossier: Dossier) -> RiskReason | None:
    """The first request leaves open what, which, how much, to whom or when, and no later turn of the user says it.

    By the lexicon of its language; in English also an action on a pronoun that stands for nothing, and an action that
    names nothing to act on.
    """
    turns = dossier.graph.users
    if not turns or any(_names_something(text) for _, text in turns[1:]):
        return None
    at, text = turns[0]
    found = told(text, ("ambiguous",))
    words = found.words if found is not None and not _NAMED.search(text) else _open(text)
    if not words:
        return None
    said = f"ambiguous request: {', '.join(repr(word) for word in words)} leaves open what is meant"
    return reason(dossier, "ambiguous_request", said, [quoted(dossier, at, text, words)], acted=0.0)


def _open(text: str) -> Sequence[str]:
    """Words that leave the request open; none where it asks for no action or names what it is about."""
    plain = _POLITE.sub("", text.strip())
    if not asked_classes(text) and not asked_classes(plain) and not _TURN.match(plain):
        return ()
    if _names_something(plain):
        return ()
    dangling = _DANGLING.search(plain)
    if dangling is not None and not _NOUN.search(plain[: dangling.start()]):
        return (dangling["word"],)
    words = TOKEN.findall(plain)
    return (plain.rstrip(".!? "),) if len(words) <= _SHORT and not plain.endswith("?") else ()


_TURN = re.compile(r"^(?:turn|switch|put|get|take|fix|move|do)\b", re.IGNORECASE)


def _names_something(text: str) -> bool:
    """Whether a text names a thing: a number, a quotation, an address, a name in capitals behind its first word."""
    if _NAMED.search(text):
        return True
    return any(word[0].isupper() and word != "I" for word in re.findall(r"(?<=[a-z,] )\w+", text))
