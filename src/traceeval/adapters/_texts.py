"""The question a trace began with and the answer it ended with, from its root, else from its model calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from traceeval.adapters._content import content, cut_json
from traceeval.adapters._draft import Draft
from traceeval.adapters._json import unwrap
from traceeval.adapters._messages import messages_of
from traceeval.model import Content, Generation, Json, Kind, Message, text_of

_ASKED = ("question", "query", "input", "user_input", "prompt", "text", "message")
_GIVEN = ("answer", "output", "response", "result", "final_answer", "text", "generation", "content")


def question_of(drafts: Sequence[Draft], limit: int | None) -> Content:
    """What the root was asked; else the first user message of a prompt; else the first search."""
    root = _root(drafts)
    if root is not None and (found := _asked(root.input, limit)) is not None:
        return found
    for draft in drafts:
        if isinstance(draft.body, Generation) and draft.kind is Kind.MODEL:
            for message in draft.body.messages or ():
                if message.role == "user" and message.content is not None:
                    return message.content
    return None


def answer_of(drafts: Sequence[Draft], limit: int | None) -> Content:
    """What the root returned; else the last text a model wrote."""
    root = _root(drafts)
    if root is not None and (found := _given(root.output, limit)) is not None:
        return found
    for draft in reversed(drafts):
        if isinstance(draft.body, Generation) and not draft.plumbing:
            output = draft.body.output
            if output is not None and output.content is not None and text_of(output.content):
                return output.content
    return None


def _root(drafts: Sequence[Draft]) -> Draft | None:
    """The root, unless it is itself a step whose input and output are not the user's."""
    root = next((draft for draft in drafts if draft.parent is None), None)
    return root if root is not None and root.kind in (Kind.AGENT, Kind.OTHER, Kind.MODEL) else None


def _asked(value: Json, limit: int | None) -> Content:
    decoded = unwrap(value)
    found = messages_of(decoded, limit)
    if found:
        return next((message.content for message in reversed(found) if message.role == "user"), None)
    return _plain(value, decoded, _ASKED, limit)


def _given(value: Json, limit: int | None) -> Content:
    decoded = unwrap(value)
    found = messages_of(decoded, limit)
    if found:
        return _last_words(found)
    return _plain(value, decoded, _GIVEN, limit)


def _last_words(messages: Sequence[Message]) -> Content:
    return next((m.content for m in reversed(messages) if m.role == "assistant" and text_of(m.content)), None)


def _plain(value: Json, decoded: Json, keys: Sequence[str], limit: int | None) -> Content:
    if isinstance(decoded, Mapping):
        return next((content(decoded[key], limit) for key in keys if isinstance(decoded.get(key), str)), None)
    if not isinstance(decoded, str) or not decoded or (limit is not None and cut_json(decoded)):
        return None
    return content(decoded, limit)
