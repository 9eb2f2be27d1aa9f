"""Steps that merge the lists of several searches, where their own label does not say so: found by what went in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from traceeval.adapters._content import content
from traceeval.adapters._documents import documents_of, hits_of
from traceeval.adapters._draft import Draft
from traceeval.adapters._json import unwrap
from traceeval.adapters._tree import note
from traceeval.model import Basis, Diagnostic, Hit, Json, Kind, Retrieval

_MOST_LISTS = 32


def find_fusions(drafts: Sequence[Draft], limit: int | None) -> list[Diagnostic]:
    """Make searches that ``read`` others of unnamed steps that take their lists and give back one list out of these."""
    notes: list[Diagnostic] = []
    searches: dict[frozenset[str], str] = {}
    for draft in drafts:
        if isinstance(draft.body, Retrieval) and draft.body.hits:
            searches[_ids(draft.body.hits)] = draft.id
        elif draft.kind is Kind.OTHER and not draft.plumbing and len(searches) > 1:
            found = _fused(draft, searches, limit)
            if found is not None:
                body, read = found
                draft.kind, draft.body, draft.basis, draft.mapped = (
                    Kind.RETRIEVAL,
                    body,
                    Basis.INFERRED,
                    ("input.", "output."),
                )
                draft.reads += read
                text = f"{draft.raw.name} takes the lists of {len(read)} searches and returns one: read as their fusion"
                notes.append(note("kind.inferred", text, draft.id, "info"))
    return notes


def _fused(
    draft: Draft, searches: Mapping[frozenset[str], str], limit: int | None
) -> tuple[Retrieval, list[str]] | None:
    """(the merged list, the searches it was made of), or None."""
    given = unwrap(draft.input)
    kept = documents_of(draft.output)
    if not kept:
        return None
    lists = [_ids(hits_of(listed, first="output", limit=limit)) for listed in _lists(given)]
    read = list(dict.fromkeys(searches[docs] for docs in lists if docs in searches))
    hits = hits_of(kept, first="output", limit=limit)
    if len(read) < 2 or not _ids(hits) <= frozenset().union(*lists):
        return None
    query = given.get("query") if isinstance(given, Mapping) else None
    return Retrieval(query=content(query if isinstance(query, str) else None, limit), hits=hits), read


def _lists(given: Json) -> Iterator[Sequence[Mapping[str, Json]]]:
    """Document lists side by side in a list or object, or one level further in."""
    for item in islice(_items(given), _MOST_LISTS):
        found = documents_of(item) if isinstance(item, list) and not _holds_lists(item) else None
        if found is not None:
            yield found
        elif isinstance(item, list | Mapping):
            yield from (inner for one in islice(_items(item), _MOST_LISTS) if (inner := documents_of(one)) is not None)


def _holds_lists(value: list[Json]) -> bool:
    """Whether a list holds lists of documents rather than documents, alone or as (document, score)."""
    return any(isinstance(one, list) and not (len(one) == 2 and isinstance(one[1], int | float)) for one in value)


def _items(value: Json) -> Iterator[Json]:
    value = unwrap(value)
    if isinstance(value, Mapping):
        yield from map(unwrap, value.values())
    elif isinstance(value, list):
        yield from map(unwrap, value)


def _ids(hits: Sequence[Hit]) -> frozenset[str]:
    return frozenset(hit.doc for hit in hits)
