"""Traces of ours with a broken tree: equal ids, parents that are not there, cycles. Repaired as an export would be."""

from __future__ import annotations

import msgspec

from traceeval.adapters._raw import RawSpan
from traceeval.adapters._tree import build, unique
from traceeval.model import Basis, Kind, Span, Trace


def is_sound(trace: Trace) -> bool:
    """Whether every span has an id of its own and stands behind its parent: true of all we write."""
    seen: set[str] = set()
    for span in trace.spans:
        if span.id in seen or not (span.parent is None or span.parent in seen):
            return False
        seen.add(span.id)
    return True


def mended(trace: Trace, where: str) -> Trace:
    """The trace with one tree, and a diagnostic for each repair."""
    raws = [
        RawSpan(
            trace=trace.id, id=span.id, parent=span.parent, name=span.name, start=span.start, end=span.end, index=at
        )
        for at, span in enumerate(trace.spans)
    ]
    kept, notes, _, _ = unique(raws)
    tree = build(kept)
    by_id = {span.id: span for span in trace.spans}
    spans = tuple(
        msgspec.structs.replace(by_id[id_], parent=tree.parents[id_], seq=seq) if id_ in by_id else _root(id_)
        for seq, id_ in enumerate(tree.order)
    )
    told = (msgspec.structs.replace(one, where=where) for one in (*notes, *tree.notes))
    return msgspec.structs.replace(trace, spans=spans, diagnostics=(*trace.diagnostics, *told))


def _root(id_: str) -> Span:
    return Span(id=id_, kind=Kind.OTHER, name="root", basis=Basis.INFERRED, plumbing=True)
