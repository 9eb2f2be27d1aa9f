"""The finding that the pool lacks what is relevant, told apart by the part of the retriever's way that lost it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from traceeval.diagnose._relevant import PARTS, Journey, journey
from traceeval.graph import Dossier
from traceeval.graph.views import Search, StagesView
from traceeval.model import Component, Evidence, Finding, Subject

_SHOWN = 5
_TOLD = {
    "recall": "no search found",
    "query": "found for another query only",
    "filter": "kept out by a filter",
    "fusion": "lost when lists were merged or cut",
}


def lost_in(dossier: Dossier, part: str, code: str) -> Iterator[Finding]:
    """A finding when under half of what is in an index reached the pool, and this part of the way lost the most of it.

    Of parts that lost equally many, the last: it is the nearest to be mended.
    """
    way, view = journey(dossier), dossier.stages
    if way is None or view is None or not way.fails(way.unpooled, way.pooled + len(way.unpooled)):
        return
    if part != max(way.missed, key=lambda name: (len(way.missed[name]), PARTS.index(name))):
        return
    where = tuple(_places(part, frozenset(way.missed[part]), view))[:_SHOWN]
    first = view.span or dossier.trace.spans[0].id
    yield Finding(
        code=code,
        component=Component.RETRIEVER,
        severity=3,
        key="gold",
        subject=Subject(trace=dossier.trace.id, span=_guilty(part, where, view)),
        text=_text(way),
        evidence=where or (Evidence(span=first, field="hits", quote=_listed(view.pool or ())),),
    )


def _text(way: Journey) -> str:
    """``2 of 3 relevant documents were not retrieved: no search found d1; lost when lists were merged or cut: d2``."""
    parts = {name: docs for name, docs in way.missed.items() if docs}
    head = f"{len(way.unpooled)} of {way.pooled + len(way.unpooled)} relevant documents were not retrieved: "
    told = [f"{_TOLD[name]}: {_listed(docs)}" for name, docs in parts.items()]
    body = _listed(way.unpooled) if set(parts) == {"recall"} else "; ".join(told)
    return head + body + (f" ({len(way.absent)} more are in no index: not the retriever's)" if way.absent else "")


def _guilty(part: str, where: tuple[Evidence, ...], view: StagesView) -> str | None:
    """The one span that lost them; None when there are several."""
    if part == "fusion":
        return view.fusions[0] if len(view.fusions) == 1 else None
    spans = {one.span for one in where if part != "query" or one.field == "query"}
    return spans.pop() if len(spans) == 1 else view.span


def _places(part: str, lost: frozenset[str], view: StagesView) -> Iterator[Evidence]:
    """Where the lost documents were last seen; of what no search found, what each search found instead."""
    if part == "recall":
        yield from (Evidence(span=one.span, field="hits", quote=_listed(one.docs)) for one in view.used)
    elif part == "filter":
        yield from (seen for one in view.used for seen in _seen(one, one.unfiltered or (), "unfiltered", lost))
    elif part == "fusion":
        yield from (seen for one in view.used for seen in _seen(one, one.docs, "hits", lost))
    else:
        probes = [one for one in view.searches if one.probe == "query" and not lost.isdisjoint(one.docs)]
        asked = {one.retriever for one in probes}
        yield from (
            Evidence(span=one.span, field="query", quote=one.query)
            for one in view.used
            if one.retriever in asked and one.query
        )
        yield from (seen for one in probes for seen in _seen(one, one.docs, "hits", lost))


def _seen(search: Search, docs: Iterable[str], field: str, lost: frozenset[str]) -> Iterator[Evidence]:
    shown = [doc for doc in docs if doc in lost]
    if shown:
        yield Evidence(span=search.span, field=field, quote=_listed(shown))


def _listed(docs: Iterable[str]) -> str:
    names = list(dict.fromkeys(docs))
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
