"""Says what of a trace is not whole: content that is absent, cut or redacted, and document ids of mixed origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from traceeval.adapters._draft import Draft
from traceeval.adapters._tree import note
from traceeval.model import Content, Diagnostic, Generation, Hit, Kind, Partial, Rerank, Retrieval, ToolCall


def mixed_ids(drafts: Sequence[Draft]) -> Iterator[Diagnostic]:
    """A diagnostic when documents are named in more than one way: by an id, by metadata, by a digest of their text.

    An id in its own attribute and one within the JSON of the output are the same id.
    """
    rungs = Counter(_NAMED_BY[hit.id_basis] for draft in drafts for hit in _hits(draft))
    if len(rungs) > 1:
        counts = ", ".join(f"{count} by {rung}" for rung, count in rungs.most_common())
        text = f"documents are named in different ways ({counts}): one may have two names; record an id with each"
        yield note("id.mixed_basis", text)


_NAMED_BY = {"native": "id", "output": "id", "metadata": "metadata", "content": "a digest of the text"}


def _hits(draft: Draft) -> tuple[Hit, ...]:
    if isinstance(draft.body, Retrieval):
        return draft.body.hits or ()
    return (*(draft.body.before or ()), *(draft.body.after or ())) if isinstance(draft.body, Rerank) else ()


def gaps_of(drafts: Sequence[Draft]) -> Iterator[Diagnostic]:
    """One diagnostic per kind of gap, with the first span that has it."""
    found: dict[str, list[Draft]] = {}
    for draft in drafts:
        for state in _states(draft):
            found.setdefault(state, []).append(draft)
    for state, where in found.items():
        names = ", ".join(dict.fromkeys(draft.raw.name for draft in where[:20]))
        yield note(f"content.{state}", _SAID[state].format(n=len(where), names=names), where[0].id)


_SAID = {
    "absent": "{n} spans were recorded without their content ({names}); switch content capture on to score them",
    "cut": "texts of {n} spans end at the attribute length limit ({names}); raise the limit to score them",
    "redacted": "texts of {n} spans were redacted ({names})",
}


def _states(draft: Draft) -> set[str]:
    states = {text.state for text in _contents(draft) if isinstance(text, Partial)}
    return {*states, "absent"} if _absent(draft) else set(states)


def _contents(draft: Draft) -> Iterator[Content]:
    body = draft.body
    if isinstance(body, Generation):
        yield from (message.content for message in body.messages or ())
        yield body.output.content if body.output is not None else None
    elif isinstance(body, ToolCall):
        yield body.result
    elif isinstance(body, Retrieval | Rerank):
        yield body.query
        yield from (hit.text for hit in _hits(draft))


def _absent(draft: Draft) -> bool:
    body = draft.body
    if isinstance(body, Generation):
        return draft.kind is Kind.MODEL and body.messages is None
    if isinstance(body, ToolCall):
        return body.arguments is None and body.raw is None and body.result is None and draft.error is None
    return False
