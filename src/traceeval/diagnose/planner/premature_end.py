"""TRM-1: it ended before it was done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from traceeval.diagnose._calls import at_span, undecided
from traceeval.graph import Dossier
from traceeval.graph._speech import ends
from traceeval.measures.claims import split_sentences
from traceeval.measures.looks import may_hold
from traceeval.model import Component, Evidence, Finding, Generation, Kind, Span, ToolCall, Utterance, text_of
from traceeval.registry import diagnosis

CODE = "planner.premature_end"
_PROMISE = re.compile(
    r"\b(?:let me (?!know\b)\w+|i(?:'ll| will| am going to|'m going to) (?:now |first |just "
    r"|quickly )?(?:check|look|search|find|verify|retrieve|fetch|proceed|process|review|see|get|pull"
    r"|transfer|go ahead|do (?:this|that))"
    r"|one moment|please (?:hold|wait|give me a)|bear with me|just a (?:moment|second|minute)|hold on)\b",
    re.IGNORECASE,
)
_PROMISING = ("let me", "i'll", "i will", "going to", "moment", "please", "bear with", "just a", "hold on")
_THANKS = re.compile(
    r"\b(?:thank|thanks|bye|goodbye|that'?s all|that is all|take care|have a (?:nice|great|good)|all set"
    r"|perfect|great)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\?|\b(?:please|can you|could you|i (?:want|need|would like|'d like)|i'd like)\b", re.IGNORECASE)


@diagnosis(CODE, severity=3, id="TRM-1", needs=("ends",))
def premature_end(dossier: Dossier) -> Iterator[Finding]:
    """The last thing that happened leaves something open: a user who asks and is not answered, or a promise to do something.

    Legal ends: a marker ("###STOP###", "TERMINATE"), a tool that ends the run (a transfer), thanks. Nothing said after
    the last call: unknown.
    """
    last = _last(dossier)
    if last is None:
        if dossier.graph.calls and not _ended(dossier):
            text = "whether it ended in time is unknown: nothing that was said after the last call is recorded"
            yield undecided(dossier, CODE, Component.PLANNER, 3, text, "trace.answer")
        return
    span, text = last
    if ends(text) or _ended(dossier):
        return
    if span.kind is Kind.HUMAN:
        if _ASKS.search(text) and not (_THANKS.search(text) and "?" not in text):
            quote = Evidence(span=span.id, field="user", quote=text[:300], start=0, end=min(len(text), 300))
            yield at_span(
                dossier,
                CODE,
                Component.PLANNER,
                3,
                span.id,
                f"the user was left without an answer: {text[:160]}",
                quote,
            )
        return
    if not may_hold(text, _PROMISING):
        return
    start, end = ([(0, 0), *split_sentences(text)])[-1]
    promise = _PROMISE.search(text, start, end)
    if promise and "?" not in text[start:end]:
        quote = Evidence(span=span.id, field="output", quote=text[start:end], start=start, end=end)
        yield at_span(
            dossier, CODE, Component.PLANNER, 3, span.id, f"it ended with a promise: {text[start:end][:160]}", quote
        )


def _last(dossier: Dossier) -> tuple[Span, str] | None:
    """The last thing that was said; None when a call came after it, or nothing was said at all."""
    for span in reversed(dossier.graph.steps):
        body = span.body
        if isinstance(body, ToolCall):
            return None
        if isinstance(body, Utterance):
            return span, text_of(body.text) or ""
        if isinstance(body, Generation) and body.output is not None:
            if body.output.tool_calls:
                return None
            if text := text_of(body.output.content):
                return span, text
    return None


def _ended(dossier: Dossier) -> bool:
    return any(call.spec.ends and call.ok is not False for call in dossier.graph.calls)
