"""ERR-3: a part of a result told as if it were all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from traceeval.diagnose._calls import at_span, executed, result_of, said_by_model
from traceeval.graph import Call, Dossier
from traceeval.measures.claims import claims_of
from traceeval.measures.looks import may_hold
from traceeval.model import Component, Evidence, Finding, Partial, text_of
from traceeval.registry import diagnosis

CODE = "generator.partial_as_whole"
_ENDS = 400  # characters at either end of a result in which a mark of being partial stands
_MARK = re.compile(
    r'"(?:has_?more|truncated|is_?truncated|more_?available|partial)"\s*:\s*true'
    r'|"(?:next_?page(?:_?token)?|next_?cursor|continuation(?:_?token)?|next_?token)"\s*:\s*(?:"[^"]+"|\d+)'
    r"|\bshowing (?:the first )?\d+(?:\s*[-–]\s*\d+)? (?:of|out of) (?:over |about )?\d+"
    r"|\bpage 1 of (?:[2-9]|\d{2,})|\[?(?:output|result|response|list)s? (?:was |were |is |are )?truncated"
    r"|\.\.\. ?\(?truncated"
    r"|\band \d+ more\b",
    re.IGNORECASE,
)
_WORDS = ("more", "truncated", "partial", "next", "continuation", "showing", "page 1")  # no mark is without one
_WHOLE = re.compile(
    r"\b(?:in total|altogether|overall|total of|the total|all (?:of )?(?:the|your|our|their|its|\d+)|every"
    r"|none of|no other|only (?:one|two|three|\d+)"
    r"|there (?:is|are) (?:only |exactly )?(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
    r"|complete list|the sum)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:at least|first|top|so far|shown|listed here|among|some of|more (?:than|pages|results)|partial"
    r"|truncated|page|sample|up to|recent|latest)\b",
    re.IGNORECASE,
)
_FEW = re.compile(r"\b(?:top|first|latest|last|most recent|newest|some|a few|any|sample|example)\b", re.IGNORECASE)


@diagnosis(CODE, severity=3, id="ERR-3")
def partial_as_whole(dossier: Dossier) -> Iterator[Finding]:
    """A result says that there is more (cut, or a next page), no further page was read, and the answer speaks of all.

    Not meant: the user wanted the first few, or the answer says that it is a part.
    """
    calls = executed(dossier)
    part = _unfinished(calls)
    if part is None or any(_FEW.search(text) for _, text in dossier.graph.users):
        return
    for span, message, text in said_by_model(dossier):
        if span.seq <= part.at or message.tool_calls:
            continue
        for sentence in claims_of(text):
            if sentence.skip != "question" and _WHOLE.search(sentence.text) and not _PART.search(sentence.text):
                claim = Evidence(
                    span=span.id, field="output", quote=sentence.text, start=sentence.start, end=sentence.end
                )
                text_ = f"{part.name} brought a part only, and the answer speaks of all: {sentence.text}"
                marked = _mark(part)
                yield at_span(dossier, CODE, Component.GENERATOR, 3, span.id, text_, claim, marked)
                return


def _unfinished(calls: tuple[Call, ...]) -> Call | None:
    """The last reading call whose result says that there is more, when its tool was not called again."""
    later: set[str] = set()
    for call in reversed(calls):
        if call.ok and call.changes is not True and call.name not in later and _partial(call):
            return call
        later.add(call.name)
    return None


def _partial(call: Call) -> bool:
    if isinstance(call.result, Partial) and call.result.state == "cut":
        return False  # cut by the recorder: the agent saw all of it
    return _place(call) is not None


def _place(call: Call) -> tuple[int, int] | None:
    text = text_of(call.result) or ""
    for low, high in ((0, _ENDS), (max(_ENDS, len(text) - _ENDS), len(text))):
        end = text[low:high]
        match = _MARK.search(end) if end and may_hold(end, _WORDS) else None
        if match:
            return low + match.start(), low + match.end()
    return None


def _mark(call: Call) -> Evidence:
    place = _place(call)
    if place is None:
        return result_of(call)
    quote = (text_of(call.result) or "")[place[0] : place[1]]
    return Evidence(span=call.span, field="result", quote=quote, start=place[0], end=place[1])
