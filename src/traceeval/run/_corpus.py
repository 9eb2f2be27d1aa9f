"""What is in the index: which judged documents no search could have found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from traceeval.model import Diagnostic, Rerank, Retrieval, Trace


class Corpus:
    """Ids of every document that is in an index."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = frozenset(ids)

    def told(self, trace: Trace) -> tuple[Trace, Diagnostic | None]:
        """(the trace with ``absent`` filled in, why that could not be said).

        A list that lacks a document the trace shows is not the list of all of its indexes, so nothing is concluded.
        """
        reference = trace.reference
        if reference is None or reference.judged is None:
            return trace, None
        stranger = next((doc for doc in _shown(trace) if doc not in self.ids), None)
        if stranger is not None:
            text = (
                f"trace {trace.id} retrieved {stranger!r}, which the corpus list does not hold: what is in no index is "
                "left unknown; list every document of every index, by the ids the retriever returns"
            )
            where = trace.origin.uri if trace.origin else None
            return trace, Diagnostic(code="corpus.incomplete", level="warn", where=where, text=text)
        absent = sorted({*(reference.absent or ()), *(doc for doc in reference.judged if doc not in self.ids)})
        known = msgspec.structs.replace(reference, absent=tuple(absent))
        return msgspec.structs.replace(trace, reference=known), None


def _shown(trace: Trace) -> Iterator[str]:
    for span in trace.spans:
        if isinstance(span.body, Retrieval):
            yield from (hit.doc for hit in (*(span.body.hits or ()), *(span.body.unfiltered or ())))
        elif isinstance(span.body, Rerank):
            yield from (hit.doc for hit in (*(span.body.before or ()), *(span.body.after or ())))
