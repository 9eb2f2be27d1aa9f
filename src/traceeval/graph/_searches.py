"""The searches behind a pool: which list each found, before and behind its filter, and which went nowhere.

A search whose list nothing ``reads``, beside one of the same retriever whose list is read, is a probe: it was run to
see what another query, or no filter, would have found. Documents of it that reached the prompt all the same say that it
was none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from traceeval.graph._judgements import Judgements
from traceeval.graph._lists import Listed, Lists
from traceeval.graph._order import ranked
from traceeval.graph.views import Search
from traceeval.model import Hit, Retrieval, Span, text_of


@dataclass(frozen=True, slots=True)
class Probe:
    """A search recorded ``beside`` the one that was used, which differs from it by its query or by having no filter."""

    beside: str
    kind: Literal["query", "filter"]


def probes_of(lists: Lists, packed: Collection[str] | None) -> Mapping[str, Probe]:
    """Span id -> Probe. ``packed``: documents in the prompt, None when it was not recorded."""
    if not lists.read:
        return {}
    searches: dict[str, list[Listed]] = defaultdict(list)
    for one in lists.all:
        if one.role == "search":
            searches[retriever_of(one.span)].append(one)
    holders = Counter(doc for one in lists.all for doc in one.docs)
    alone = {doc for doc in packed or () if holders[doc] == 1}
    return {
        one.id: probe
        for several in searches.values()
        for one, probe in _variants(several, lists.read)
        if not alone & one.docs
    }


def _variants(several: list[Listed], read: Collection[str]) -> Iterator[tuple[Listed, Probe]]:
    """The searches of one retriever that went nowhere, each with the used one it is a variant of."""
    used = {_asked(one): one.id for one in reversed(several) if one.id in read}
    for one in several if used else ():
        query, filtered = _asked(one)
        if one.id in read or one.taken or query is None:
            continue
        if not filtered and (query, True) in used:
            yield one, Probe(used[query, True], "filter")
            continue
        other = next((id_ for (asked, _), id_ in used.items() if asked is not None and asked != query), None)
        if other is not None:
            yield one, Probe(other, "query")


def _asked(listed: Listed) -> tuple[str | None, bool]:
    """(query, whether there was a filter)."""
    body = listed.span.body
    query = text_of(body.query) if isinstance(body, Retrieval) else None
    filtered = isinstance(body, Retrieval) and body.filter is not None
    return (" ".join(query.casefold().split()) if query is not None else None), filtered


def retriever_of(span: Span) -> str:
    """What a search is called: the index or retriever it names, else its span's name."""
    body = span.body
    return (body.source if isinstance(body, Retrieval) else None) or span.name or span.id


def searches_of(lists: Lists, probes: Mapping[str, Probe], judged: Judgements) -> tuple[Search, ...]:
    """Every search of a trace as names of judgements, in order."""
    beside: dict[str, list[Hit]] = {}
    for one in lists.all if probes else ():
        if one.id in probes and probes[one.id].kind == "filter":
            beside.setdefault(probes[one.id].beside, []).extend(one.hits)
    return tuple(
        [_search(one, probes.get(one.id), beside.get(one.id), judged) for one in lists.all if one.role == "search"]
    )


def _search(listed: Listed, probe: Probe | None, beside: list[Hit] | None, judged: Judgements) -> Search:
    body = listed.span.body
    unfiltered = body.unfiltered if isinstance(body, Retrieval) else None
    whole = None if unfiltered is None and beside is None else (*(unfiltered or ()), *(beside or ()))
    return Search(
        span=listed.id,
        retriever=retriever_of(listed.span),
        query=text_of(body.query) if isinstance(body, Retrieval) else None,
        docs=judged.listing(ranked(listed.hits)).names,
        unfiltered=None if whole is None else judged.listing(whole).names,
        probe=probe.kind if probe is not None else None,
    )
