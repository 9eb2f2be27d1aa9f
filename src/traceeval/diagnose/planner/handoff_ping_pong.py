"""PING: two agents hand a task to and fro and nothing comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from traceeval.diagnose._calls import at_span
from traceeval.graph import Dossier
from traceeval.graph._lexicon import converses
from traceeval.measures.tokens import tokenise
from traceeval.model import Component, Evidence, Finding, Generation, Kind, Span, ToolCall, text_of
from traceeval.registry import diagnosis

CODE = "planner.handoff_ping_pong"
_NEW = 3  # words from which on a message brings something


@dataclass(slots=True)
class _Turn:
    """What one agent said before another spoke. ``news``: words nobody had said; ``after``: barriers passed before it."""

    agent: str
    span: Span
    news: int
    after: int
    text: str


@diagnosis(CODE, severity=3, id="PING")
def handoff_ping_pong(dossier: Dossier) -> Iterator[Finding]:
    """A, B, A, B: no tool result, document, user's turn or closed plan step between, and the second round says nothing new.

    A clarification that carries new words is none. Agents that the trace does not name are one agent.
    """
    if len({span.agent for span in dossier.graph.of_kind(Kind.MODEL) if span.agent}) < 2:
        return
    turns = list(_turns(dossier))
    last = 0
    for at in range(3, len(turns)):
        a, b, c, d = turns[at - 3 : at + 1]
        round_ = a.agent == c.agent != b.agent == d.agent and a.after == d.after
        if round_ and c.news < _NEW and d.news < _NEW and at - last >= 4 - (last == 0):
            last = at
            quotes = [Evidence(span=turn.span.id, field="output", quote=turn.text[:200]) for turn in (d, c)]
            text = f"{a.agent} and {b.agent} handed the task to and fro and nothing new was said or found"
            yield at_span(dossier, CODE, Component.PLANNER, 3, d.span.id, text, *quotes)


def _turns(dossier: Dossier) -> Iterator[_Turn]:
    known: set[str] = set()
    barriers, open_ = 0, None
    for span in dossier.graph.steps:
        if _brings(span):
            barriers += 1
        if span.kind is not Kind.MODEL or not span.agent or not isinstance(span.body, Generation):
            continue
        text = (text_of(span.body.output.content) if span.body.output is not None else None) or ""
        words = set(tokenise(text).low)
        news = len(words - known)
        known |= words
        if open_ is not None and open_.agent == span.agent:
            open_.news += news
            continue
        if open_ is not None:
            yield open_
        open_ = _Turn(span.agent, span, news, barriers, text)
    if open_ is not None:
        yield open_


def _brings(span: Span) -> bool:
    """A step that may bring something new; a call that only hands over does not."""
    if isinstance(span.body, ToolCall):
        return converses(span.body.name) is None
    return span.kind in (Kind.RETRIEVAL, Kind.RERANK, Kind.HUMAN, Kind.PLAN)
