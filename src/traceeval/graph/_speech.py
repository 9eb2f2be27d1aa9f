"""What one text of an agent does: asks for something, proposes an action, claims that one is done.

Decided by word lists, in English, German and French.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from traceeval.graph._lexicon import looked_for, pattern, spoken, spoken_classes, tool_classes, words_of
from traceeval.measures.claims import claims_of
from traceeval.measures.looks import may_hold
from traceeval.measures.refusals import clauses
from traceeval.measures.tokens import stem, tokenise

DONE = re.compile(
    r"\b(?:(?:has|have|had|'ve|’ve|was|were|is|are) (?:now |just |already |also |successfully |been |all )*[a-z]+(?:ed|ne|nt|id|ut|en)\b"
    r"|successfully\b|(?:is|are) (?:now )?(?:done|complete|on its way|in place)|all (?:set|done)|done\b|completed\b)",
    re.IGNORECASE,
)
"""A sentence that says that something is done."""
_HEAD = re.compile(r"\W*(?:successfully |already )?[a-z]+ed\b", re.IGNORECASE)
_MARK = re.compile(r"[?？]")
_EVERY = "It is done. They do not mention it. I cannot do it. Das kann ich nicht. Я не знаю."


def read_lists() -> None:
    """Read every word list now: processes forked later do not read them again."""
    for name in ("asks", "closing", "hypothetical", "done", "refuses"):
        spoken(name)
    pattern("hypothetical")
    spoken_classes(_EVERY)
    claims_of(_EVERY)
    clauses(_EVERY)


def ends(text: str) -> bool:
    """Whether a text holds a mark that the run is over: ``###STOP###``, ``TERMINATE`` on a line of its own."""
    return may_hold(text, looked_for("end_marker")) and pattern("end_marker").search(text) is not None


def asks(text: str, about: Iterable[str] = ()) -> bool:
    """Whether a text asks the user for something; with ``about``: for one of these, by any of its words' forms.

    "Anything else?" asks for nothing.
    """
    asking = [one for one in re.split(r"(?<=[.!?？\n])\s+", text) if _asking(one) and not spoken("closing").search(one)]
    wanted = [stem(word) for name in about for word in tokenise(name.replace("_", " ")).low]
    if not wanted:
        return bool(asking)
    return any(word in tokenise(one).stems for one in asking for word in wanted)


def proposes(text: str, tool: str) -> bool:
    """Whether a text puts the action of a tool before the user, as a question or as what would come next.

    Who says that it cannot be done, or will not be, proposes nothing; "but", "aber" and "mais" part what is refused from
    what is proposed instead.
    """
    return any(
        _names(part, tool) and (_asking(part) or _would(part)) and not spoken("refuses").search(part)
        for sentence in claims_of(text)
        for part in (sentence.text[start:end] for start, end in clauses(sentence.text))
    )


def claims_done(text: str, deed: str) -> bool:
    """Whether a text says that a deed is done, named by its tool (``cancel_order``) or by a word for it (``cancelled``).

    Future, conditional and denying sentences and questions claim nothing.
    """
    return any(
        sentence.skip != "question"
        and _names(sentence.text, deed)
        and _done(sentence.text)
        and not _would(sentence.text)
        for sentence in claims_of(text)
    )


def _asking(text: str) -> bool:
    return _MARK.search(text) is not None or spoken("asks").search(text) is not None


def _would(text: str) -> bool:
    """Whether a sentence is about what would come next, or did not."""
    return pattern("hypothetical").search(text) is not None or spoken("hypothetical").search(text) is not None


def _done(text: str) -> bool:
    return any(form.search(text) for form in (DONE, spoken("done"))) or _HEAD.match(text) is not None


def _names(text: str, deed: str) -> bool:
    """Whether a text names a deed: by a word of its class of action, where it has one, else by a word of its name."""
    kinds = tool_classes(deed)
    if kinds:
        return bool(kinds & spoken_classes(text))
    return bool({stem(word) for word in words_of(deed)} & set(tokenise(text).stems))
