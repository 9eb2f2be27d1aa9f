"""What a span is by its shape, where its own label does not say: a reranker written as a function, and twin spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from traceeval.adapters._content import content
from traceeval.adapters._documents import documents_of, hits_of, with_texts
from traceeval.adapters._draft import Draft
from traceeval.adapters._json import unwrap
from traceeval.adapters._tree import note
from traceeval.model import Basis, Diagnostic, Generation, Hit, Kind, Rerank, Retrieval, ToolCall, Usage, text_of

_NAMED = ("rerank", "re-rank", "re_rank", "rank", "compress", "filter", "grade")


def find_rerankers(drafts: Sequence[Draft], limit: int | None) -> list[Diagnostic]:
    """Make rerankers of unnamed steps that take a document list and give back a part or a new order of it."""
    notes: list[Diagnostic] = []
    above: set[str | None] = {draft.parent for draft in drafts if draft.kind in (Kind.RERANK, Kind.RETRIEVAL)}
    for draft in reversed(drafts):  # inner before outer
        if draft.id in above:
            above.add(draft.parent)
            continue
        if draft.kind is not Kind.OTHER or draft.plumbing:
            continue
        body = _as_rerank(draft, limit)
        if body is None:
            continue
        draft.kind, draft.body, draft.basis, draft.mapped = Kind.RERANK, body, Basis.INFERRED, ("input.", "output.")
        above.add(draft.parent)
        text = f"{draft.raw.name} takes {len(body.before or ())} documents and returns {len(body.after or ())} of them"
        notes.append(note("kind.inferred", f"{text}: read as a reranker", draft.id, "info"))
    return notes


def _as_rerank(draft: Draft, limit: int | None) -> Rerank | None:
    given = unwrap(draft.input)
    listed = documents_of(given)
    if not listed or len(listed) < 2:
        return None
    kept = documents_of(draft.output)
    if not kept:
        return None
    before = hits_of(listed, first="output", limit=limit)
    after = hits_of(kept, first="output", limit=limit)
    ids, found = [hit.doc for hit in before], [hit.doc for hit in after]
    same = found == ids
    if not set(found) <= set(ids) or (same and not any(word in draft.raw.name.lower() for word in _NAMED)):
        return None
    query = (
        next((given[k] for k in ("query", "question", "input") if isinstance(given.get(k), str)), None)
        if isinstance(given, Mapping)
        else None
    )
    return Rerank(query=content(query, limit), before=before, after=after)


def fill_texts(drafts: Sequence[Draft]) -> list[Diagnostic]:
    """Texts of hits that were recorded without, from the result of the tool call around the search."""
    notes: list[Diagnostic] = []
    by_id = {draft.id: draft for draft in drafts}
    for draft in drafts:
        if not isinstance(draft.body, Retrieval) or not draft.body.hits or not _bare(draft.body.hits):
            continue
        tool = by_id.get(draft.parent or "")
        if tool is None or not isinstance(tool.body, ToolCall):
            continue
        texts = {
            hit.doc: text
            for hit in hits_of(documents_of(text_of(tool.body.result)) or [])
            if (text := text_of(hit.text))
        }
        filled = with_texts(draft.body.hits, texts)
        if filled != draft.body.hits:
            draft.body = msgspec.structs.replace(draft.body, hits=filled)
            notes.append(note("link.inferred", "texts of hits taken from the tool result by id", draft.id, "info"))
    return notes


def _bare(hits: Sequence[Hit]) -> bool:
    return any(text_of(hit.text) is None for hit in hits)


def count_usage_once(drafts: Sequence[Draft]) -> list[Diagnostic]:
    """Usage belongs to the innermost model call; a wrapper around one, or its twin, gives it up and is plumbing."""
    notes: list[Diagnostic] = []
    below: dict[str | None, set[Kind]] = {}
    for draft in reversed(drafts):  # children before their parents
        inner = below.pop(draft.id, set())
        if draft.usage is not None and inner:
            draft.usage = None
            draft.plumbing = draft.plumbing or (draft.kind is Kind.MODEL and Kind.MODEL in inner)
            text = f"usage of {draft.raw.name} is that of a call within it"
            notes.append(note("usage.double", text, draft.id, "info"))
        elif draft.usage is not None:
            inner = {draft.kind}
        if inner:
            below.setdefault(draft.parent, set()).update(inner)
    return notes + _twins(drafts)


def _twins(drafts: Sequence[Draft]) -> list[Diagnostic]:
    """Sibling model calls of two instrumentations at the same time with the same output are one call."""
    notes: list[Diagnostic] = []
    seen: dict[tuple[str | None, Usage | None, str | None], Draft] = {}
    for draft in drafts:
        if draft.kind is not Kind.MODEL or not isinstance(draft.body, Generation) or draft.body.output is None:
            continue
        key = (draft.parent, draft.usage, text_of(draft.body.output.content))
        first = seen.setdefault(key, draft)
        if first is not draft and first.raw.scope != draft.raw.scope and _overlap(first, draft):
            draft.plumbing, draft.usage = True, None
            notes.append(
                note("dialect.twin", f"the same call as {first.id}, by another instrumentation", draft.id, "info")
            )
    return notes


def _overlap(a: Draft, b: Draft) -> bool:
    if a.raw.start is None or b.raw.start is None or a.raw.end is None or b.raw.end is None:
        return False
    return a.raw.start <= b.raw.end and b.raw.start <= a.raw.end
