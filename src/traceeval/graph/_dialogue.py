"""Who said what before a call, and whether a user agreed to it or asked for it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from traceeval.graph._call import Call
from traceeval.graph._lexicon import action_classes, pattern, tool_classes
from traceeval.model import Generation, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

_HEAD = 60


def dialogue(graph: TraceGraph, call: Call) -> list[tuple[str, str]]:
    """(role, text) of users and the assistant before a call, in order: from the prompt of the model that asked."""
    asking = graph.spans.get(call.batch or "")
    body = asking.body if asking is not None else None
    if isinstance(body, Generation) and body.messages and any(m.role == "user" for m in body.messages):
        told = [(m.role, text_of(m.content) or "") for m in body.messages if m.role in ("user", "assistant")]
        if body.output is not None:
            told.append(("assistant", text_of(body.output.content) or ""))
        return [(role, text) for role, text in told if text]
    spoken: list[tuple[float, str, str]] = [(at, "user", text) for at, text in graph.users if at <= call.asked]
    spoken += (
        (span.seq + 0.5, "assistant", text_of(span.body.output.content) or "")
        for span in graph.steps
        if span.seq <= call.asked and isinstance(span.body, Generation) and span.body.output is not None
    )
    return [(role, text) for _, role, text in sorted(spoken, key=lambda row: row[0]) if text]


def affirms(text: str) -> bool:
    """Whether a user's turn begins by agreeing, in one of a dozen languages; a question agrees to nothing."""
    head = text.strip().lower()[:_HEAD]
    return bool(pattern("affirmation").match(head)) and not text.strip().endswith("?")


def agreed_proposals(said: list[tuple[str, str]]) -> list[str]:
    """What the assistant had just proposed each time a user agreed."""
    return [
        before[1]
        for before, (role, text) in pairwise(said)
        if role == "user" and before[0] == "assistant" and affirms(text)
    ]


def licensed(graph: TraceGraph, call: Call) -> bool | None:
    """Whether a user asked for this kind of action, or agreed to a proposal of it; None when the name says nothing."""
    classes = tool_classes(call.name)
    if not classes:
        return None
    said = dialogue(graph, call)
    asked = [text for role, text in said if role == "user"] + agreed_proposals(said)
    return any(classes & action_classes(text) for text in asked)
