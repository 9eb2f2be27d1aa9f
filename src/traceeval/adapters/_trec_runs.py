"""Rankings of the same queries as traces: the first is the retrieval, each further one a rerank of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from traceeval.adapters._tally import Tally
from traceeval.adapters._tree import note
from traceeval.measures.ranking import trec_order
from traceeval.model import SCHEMA_VERSION, Diagnostic, Hit, Kind, Origin, Rerank, Retrieval, Span, Trace


@dataclass(slots=True)
class Run:
    """One run file: query -> document -> score. ``tag``: the system's name, the last column."""

    where: str
    tally: Tally
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    tag: str = ""


def join_runs(runs: Sequence[Run]) -> Iterator[Trace | Diagnostic]:
    """One trace per query, by first appearance; what is taken for a rerank is told once a file."""
    for before, after in pairwise(runs):
        common = len(before.scores.keys() & after.scores.keys())
        if common:
            text = f"read as {before.where} reranked ({common} queries in common); the order of the paths says so"
            yield Diagnostic(code="kind.inferred", level="info", where=after.where, text=text)
    for query in dict.fromkeys(query for run in runs for query in run.scores):
        yield _trace(query, [run for run in runs if query in run.scores])


def _trace(query: str, runs: Sequence[Run]) -> Trace:
    spans: list[Span] = []
    notes: list[Diagnostic] = []
    pool: tuple[Hit, ...] = ()
    for seq, run in enumerate(runs):
        hits = _hits(run.scores[query])
        tag = run.tag or None
        body = Rerank(before=pool, after=hits, model=tag) if seq else Retrieval(hits=hits, source=tag)
        kind = Kind.RERANK if seq else Kind.RETRIEVAL
        id_ = f"run{seq + 1}"
        spans.append(Span(id=id_, parent="run1" if seq else None, kind=kind, name=kind.value, seq=seq, body=body))
        new = len({hit.doc for hit in hits} - {hit.doc for hit in pool}) if seq else 0
        if new:
            text = f"{new} documents of {run.where} are not in the pool of {runs[seq - 1].where}"
            notes.append(note("kind.inferred", text, id_))
        pool = hits
    return Trace(
        id=query,
        schema_version=SCHEMA_VERSION,
        spans=tuple(spans),
        diagnostics=tuple(notes),
        origin=Origin(format="trec", uri=", ".join(run.where for run in runs), record=f"query {query}"),
    )


def _hits(scores: Mapping[str, float]) -> tuple[Hit, ...]:
    return tuple(Hit(doc=doc, rank=rank, score=scores[doc]) for rank, doc in enumerate(trec_order(scores.items()), 1))
