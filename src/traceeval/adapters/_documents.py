"""Retrieved documents and who they are: the identity ladder of formats.md section 5.4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal, TypeAlias

from traceeval.adapters._content import content
from traceeval.adapters._json import unwrap
from traceeval.adapters._messages import unenveloped
from traceeval.model import Hit, Json, text_of

Object: TypeAlias = Mapping[str, Any]
IdBasis: TypeAlias = Literal["native", "output", "metadata", "content"]
_ID_KEYS = ("id", "doc_id", "chunk_id", "document_id", "doc_uri")
_SCORES = ("score", "relevance_score", "similarity", "_score", "distance")
_STARTS, _ENDS = ("start_index", "start_char_idx", "split_idx_start"), ("end_index", "end_char_idx")
_TEXTS = ("page_content", "content", "text")
_LISTS = ("documents", "docs", "context", "contexts", "output", "results", "hits", "source_documents", "input")


def documents_of(value: Json, *, loose: bool = False) -> list[Object] | None:
    """The documents of a list, or of an object that holds one list of them; None when there are none.

    ``loose``: objects with an id and a score count too, as tools return them.
    """
    value = unwrap(value)
    if isinstance(value, Mapping):
        lists = [value[key] for key in (*_LISTS, *value) if isinstance(value.get(key), list)]
        return next((found for item in lists if (found := _documents(item, loose))), None)
    return _documents(value, loose) if isinstance(value, list) else None


def _documents(value: list[Any], loose: bool) -> list[Object] | None:
    found: list[Object] = []
    for item in map(unwrap, value):
        item = item[0] if isinstance(item, list) and len(item) == 2 else item  # (document, score) pairs
        holder = unenveloped(item)
        if holder is not None and isinstance(holder.get("document"), Mapping):
            holder = {**holder, **holder["document"]}
        if holder is None or not _is_document(holder, loose):
            return None
        found.append(holder)
    return found or None


def _is_document(holder: Object, loose: bool) -> bool:
    if isinstance(holder.get("page_content"), str):
        return True
    named = any(holder.get(key) is not None for key in ("id", "metadata", "score", "doc_id", "document_id"))
    return named and "role" not in holder and (loose or any(isinstance(holder.get(key), str) for key in _TEXTS))


def hits_of(
    listed: Sequence[Object], beside: Iterable[Object] = (), *, first: IdBasis = "native", limit: int | None = None
) -> tuple[Hit, ...]:
    """Hits in recorded order. ``beside``: the same documents elsewhere, joined by their text to find their ids."""
    ids = {_normal(text): str(id_) for other in beside if (text := _text(other)) and (id_ := other.get("id"))}
    return tuple(_hit(holder, rank, ids, first, limit) for rank, holder in enumerate(listed, 1))


def _hit(holder: Object, rank: int, ids: Mapping[str, str], first: IdBasis, limit: int | None) -> Hit:
    metadata = unwrap(holder.get("metadata"))
    metadata = dict(metadata) if isinstance(metadata, Mapping) else {}
    text = _text(holder)
    doc, basis = _identity(holder, rank, ids, metadata, text, first)
    score, distance = _score(holder, metadata)
    chunk = metadata.get("chunk_id", metadata.get("chunk"))
    return Hit(
        doc=doc,
        rank=rank,
        score=score,
        text=content(text, limit),
        id_basis=basis,
        metadata=metadata or None,
        chunk=None if chunk is None or isinstance(chunk, dict | list) else str(chunk),
        offsets=_offsets(metadata, text),
        score_kind="distance" if distance else "unknown",
    )


def _identity(
    holder: Object, rank: int, ids: Mapping[str, str], metadata: Object, text: str | None, first: IdBasis
) -> tuple[str, IdBasis]:
    own = holder.get("id")
    if _names(own):
        return str(own), first
    if text and (joined := ids.get(_normal(text))):
        return joined, "output"
    for key in _ID_KEYS:
        if _names(metadata.get(key)):
            return str(metadata[key]), "metadata"
    if _names(metadata.get("source")):
        chunk = metadata.get("chunk")
        return f"{metadata['source']}#{chunk}" if _names(chunk) else str(metadata["source"]), "metadata"
    if text:
        return f"sha256:{sha256(_normal(text).encode()).hexdigest()[:16]}", "content"
    return f"unidentified:{rank}", "content"


def _names(value: Json) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _score(holder: Object, metadata: Object) -> tuple[float | None, bool]:
    for place in (holder, metadata):
        for key in _SCORES:
            value = place.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value), key == "distance"
    return None, False


def _offsets(metadata: Object, text: str | None) -> tuple[int, int] | None:
    """Which characters of its document a chunk is, as splitters note it; without an end, as many as its text has."""
    start = next((value for key in _STARTS if _counts(value := metadata.get(key))), None)
    end = next((value for key in _ENDS if _counts(value := metadata.get(key))), None)
    if start is None:
        return None
    end = start + len(text or "") if end is None else end
    return (start, end) if start < end else None


def _counts(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(holder: Object) -> str | None:
    return next((value for key in _TEXTS if isinstance(value := holder.get(key), str)), None)


def _normal(text: str) -> str:
    return " ".join(text.split())


def with_texts(hits: Sequence[Hit], texts: Mapping[str, str]) -> tuple[Hit, ...]:
    """The hits, those without a text filled in by id from elsewhere."""
    import msgspec

    return tuple(
        msgspec.structs.replace(hit, text=texts[hit.doc]) if text_of(hit.text) is None and hit.doc in texts else hit
        for hit in hits
    )
