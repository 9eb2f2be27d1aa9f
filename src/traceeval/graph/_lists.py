"""Which list of documents was made of which: searches, what merged or cut their lists, what reordered them.

A trace says so by ``reads``, by one span enclosing others, or by the documents themselves. A RETRIEVAL span that
encloses searches, or reads some and returns only documents of theirs, merged them. A RERANK span takes what it reads,
else the lists that hold what went in. It merged rather than reordered when it names no model, takes several lists, and
one of these holds: it reads them and records no list that went in; the list that went in repeats documents; another
reranker takes what came out. Names of spans decide nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from traceeval.model import Hit, Rerank, Retrieval, Span

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

Role: TypeAlias = Literal["search", "fusion", "rerank"]
_RECENT = 64  # lists a reranker's input is looked for in: more that wait at once are no pipeline


@dataclass(slots=True, eq=False)
class Listed:
    """One span's list and the lists it was made of. ``before``: what a reranker says went in.

    ``told``: the span itself names its sources. ``taken``, ``reranked``: another list, or a reranker's, was made of it.
    """

    span: Span
    hits: tuple[Hit, ...]
    before: tuple[Hit, ...] | None = None
    sources: tuple[Listed, ...] = ()
    role: Role = "search"
    told: bool = False
    taken: bool = False
    reranked: bool = False

    @property
    def id(self) -> str:
        """The span's id."""
        return self.span.id

    @property
    def docs(self) -> set[str]:
        """Ids of its documents."""
        return {hit.doc for hit in self.hits}


class Lists(msgspec.Struct, frozen=True):
    """The lists of one trace, each behind those it was made of.

    ``read``: ids of those that some span ``reads``, as they are or within what encloses them; empty where there are no
    several searches. ``unrecorded``: searches whose documents were not recorded and that no recorded list stands for.
    ``searched``: whether there was any search at all, recorded or not.
    """

    all: tuple[Listed, ...] = ()
    read: frozenset[str] = frozenset()
    unrecorded: tuple[Span, ...] = ()
    searched: bool = False


def lists_of(graph: TraceGraph) -> Lists:
    """Every recorded list of a trace and how they hang together; linear in spans and hits."""
    found, bare = _recorded(graph)
    searched = bool(bare) or any(isinstance(one.span.body, Retrieval) for one in found.values())
    if len(found) + len(bare) < 2:
        return Lists(tuple(found.values()), unrecorded=tuple(bare), searched=searched)
    within, holding = _nesting(graph, found, bare)
    inner: dict[str | None, list[Listed]] = defaultdict(list)
    done: dict[str, Listed] = {}
    waiting: dict[str, Listed] = {}
    ordered = _inner_first(graph, found, within)
    for listed in ordered:
        _link(listed, done, waiting, [one for one in inner[listed.id] if not one.taken])
        inner[within.get(listed.id)].append(listed)
        done[listed.id] = waiting[listed.id] = listed
    for listed in ordered:
        listed.role = _role(listed)
    named = {id_ for listed in ordered if listed.role != "search" for id_ in listed.span.reads}
    covered = {s.id for s in bare if s.id in holding or s.id in named or within.get(s.id) is not None or s.error}
    several = len([one for one in ordered if one.role == "search"]) > 1
    return Lists(
        all=tuple(ordered),
        read=_read(graph, found) if several else frozenset(),
        unrecorded=tuple(span for span in bare if span.id not in covered),
        searched=searched,
    )


def _recorded(graph: TraceGraph) -> tuple[dict[str, Listed], list[Span]]:
    """(span -> its list, searches whose documents were not recorded), both in order."""
    found: dict[str, Listed] = {}
    bare: list[Span] = []
    for span in graph.steps:
        body = span.body
        if isinstance(body, Retrieval):
            if body.hits is None:
                bare.append(span)
            else:
                found[span.id] = Listed(span, body.hits)
        elif isinstance(body, Rerank) and body.after is not None:
            found[span.id] = Listed(span, body.after, before=body.before, role="rerank")
    return found, bare


def _nesting(
    graph: TraceGraph, found: Mapping[str, Listed], bare: Sequence[Span]
) -> tuple[dict[str, str | None], set[str | None]]:
    """(span -> the list that encloses it, spans that enclose a list); both empty where no search encloses anything."""
    parents = {span.parent for span in graph.spans.values()}
    if parents.isdisjoint(found) and parents.isdisjoint(span.id for span in bare):
        return {}, set()
    within: dict[str, str | None] = {}
    nearest: dict[str | None, str | None] = {}
    for span in graph.spans.values():
        within[span.id] = nearest.get(span.parent)
        nearest[span.id] = span.id if span.id in found else within[span.id]
    holding: set[str | None] = set()
    for span in reversed(tuple(graph.spans.values())):
        if span.id in found or span.id in holding:
            holding.add(span.parent)
    return within, holding


def _inner_first(graph: TraceGraph, found: Mapping[str, Listed], within: Mapping[str, str | None]) -> list[Listed]:
    """In order, but what encloses lists stands behind them: its list was complete when theirs were."""
    if not within:
        return list(found.values())
    place = {id_: at for at, id_ in enumerate(graph.spans)}
    last = {id_: place[id_] for id_ in found}
    for id_ in reversed(tuple(found)):
        outer = within[id_]
        if outer is not None:
            last[outer] = max(last[outer], last[id_])
    return sorted(found.values(), key=lambda one: (last[one.id], -place[one.id]))


def _link(listed: Listed, done: Mapping[str, Listed], waiting: dict[str, Listed], inner: Sequence[Listed]) -> None:
    """Find which lists, complete before it, a list was made of, and mark them as taken."""
    read = [done[id_] for id_ in dict.fromkeys(listed.span.reads) if id_ in done]
    reranks = isinstance(listed.span.body, Rerank)
    if not reranks and not inner and not _only_from(listed, read):
        return
    listed.told = bool(read)
    listed.sources = tuple(read or inner or _taken_in(listed, tuple(islice(reversed(waiting.values()), _RECENT))))
    for source in listed.sources:
        source.taken = True
        source.reranked |= reranks
        waiting.pop(source.id, None)


def _only_from(listed: Listed, read: Sequence[Listed]) -> bool:
    """Whether a search merely passes on what it read; else it read in order to ask, as the second hop of two does."""
    if not read or (not listed.hits and len(read) < 2):
        return False
    return listed.docs <= {hit.doc for one in read for hit in one.hits}


def _taken_in(listed: Listed, waiting: Sequence[Listed]) -> Sequence[Listed]:
    """The lists a reranker took, by their documents: whole ones first, else any it shares documents with, else all.

    A merged list that holds all that went in was taken alone; what was reranked before was not, where lists of searches
    hold all that went in.
    """
    given = {hit.doc for hit in (listed.hits if listed.before is None else listed.before)}
    held = [(one, one.docs) for one in reversed(waiting)]
    whole = [(one, docs) for one, docs in held if _is_whole(docs, given, recorded=listed.before is not None)]
    raw = [(one, docs) for one, docs in whole if isinstance(one.span.body, Retrieval)]
    if raw and given <= set().union(*(docs for _, docs in raw)):
        whole = [(one, docs) for one, docs in raw if one.sources and given <= docs] or raw
    return [one for one, _ in whole] or [one for one, docs in held if docs & given] or [one for one, _ in held]


def _is_whole(docs: set[str], given: set[str], *, recorded: bool) -> bool:
    """Whether a list went in whole, or all that went in came from it; nothing went in from a list of nothing."""
    return (docs <= given or given <= docs) if docs and given else recorded and docs == given


def _role(listed: Listed) -> Role:
    """What a list is, when those it was made of are known."""
    body = listed.span.body
    reordered = any(one.role == "rerank" for one in listed.sources)
    if isinstance(body, Retrieval):
        return "search" if not listed.sources else "rerank" if reordered else "fusion"
    if reordered or len(listed.sources) < 2 or (isinstance(body, Rerank) and body.model is not None):
        return "rerank"
    if listed.reranked or (listed.before is None and listed.told):
        return "fusion"
    repeats = listed.before is not None and len({hit.doc for hit in listed.before}) < len(listed.before)
    return "fusion" if repeats else "rerank"


def _read(graph: TraceGraph, found: Collection[str]) -> frozenset[str]:
    """Lists that some span reads, as they are or within a span that is read."""
    named = {id_ for span in graph.steps for id_ in span.reads}
    below: set[str | None] = set()
    for span in graph.spans.values() if named else ():
        if span.id in named or span.parent in below:
            below.add(span.id)
    return frozenset(id_ for id_ in found if id_ in below)


def handed_on(last: Sequence[Listed], *, whole: bool = True) -> Iterator[tuple[Hit, ...] | None]:
    """The lists that searches handed to the rerankers behind some lists, or to the prompt where there is none.

    Where a reranker records other documents than its sources hold, those were what went in; so they were when not the
    ``whole`` of the searches was recorded. None: it was not recorded.
    """
    seen: set[str] = set()
    ahead = list(reversed(last))
    while ahead:
        listed = ahead.pop()
        if listed.id in seen:
            continue
        seen.add(listed.id)
        if listed.role != "rerank":
            yield listed.hits
        elif not listed.sources or _went_in_otherwise(listed, whole=whole):
            yield listed.before
        else:
            ahead += reversed(listed.sources)


def _went_in_otherwise(listed: Listed, *, whole: bool) -> bool:
    if any(one.role == "rerank" for one in listed.sources):
        return False
    if listed.before is None or not whole:
        return not whole
    return {hit.doc for hit in listed.before} != {hit.doc for one in listed.sources for hit in one.hits}
