"""TREC runs and qrels. Two runs of the same queries are before and after reranking, in the order given.

Source: https://trec.nist.gov; order as trec_eval: score as float32 descending, then document id descending; the rank
column is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BufferedReader

from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.adapters._trec import Row, columns, is_header, rows
from traceeval.measures.ranking import trec_order
from traceeval.model import (
    SCHEMA_VERSION,
    Diagnostic,
    Gold,
    Hit,
    Kind,
    Origin,
    Reference,
    Rerank,
    Retrieval,
    Span,
    Trace,
)
from traceeval.registry import adapter

NAME = "trec"
Run = dict[str, list[tuple[str, float]]]


def kind_of(sample: Sample) -> str | None:
    """``run`` or ``qrels`` by the number of columns; None when it is neither."""
    if sample.container not in ("table", "text") or not sample.lines:
        return None
    widths = {len(columns(line)) for line in sample.lines}
    if widths == {6}:
        return "run"
    first = columns(sample.lines[0])
    last = columns(sample.lines[-1])
    if widths <= {3, 4} and (is_header(first) or last[-1].lstrip("-").isdigit()):
        return "qrels"
    return None


def sniff(sample: Sample) -> tuple[float, str]:
    """Six columns of a run, four of qrels, or three below a BEIR header."""
    kind = kind_of(sample)
    return (0.9, kind) if kind else (0.0, "no table of 6, 4 or 3 columns")


@adapter(NAME, sniff=sniff)
def trec(stream: BufferedReader, where: str) -> Iterator[Record]:
    """A run as traces with a retrieval, or qrels as gold. ``join_runs`` puts several runs together."""
    tally = Tally(NAME, where)
    return tally.closing(_alone(stream, where, tally))


def _alone(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Record]:
    head = stream.peek(1).split(b"\n", 1)[0].decode("utf-8", "replace")
    if len(columns(head)) != 6:
        yield from qrels(stream, where, tally)
        return
    runs: list[tuple[str, Run]] = [(where, {})]
    yield from read_run(stream, where, runs[0][1], tally)
    for trace in join_runs(runs):
        tally.spans += len(trace.spans)
        tally.kept["span"] += len(trace.spans)
        yield trace


def read_run(stream: BufferedReader, where: str, run: Run, tally: Tally) -> Iterator[Diagnostic]:
    """Fill ``run`` from one file; yields what cannot be read."""
    for row in rows(stream, where, tally):
        if isinstance(row, Row):
            run.setdefault(row.query, []).append((row.doc, row.value))
        else:
            yield row


def qrels(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Record]:
    """One Gold per query."""
    grades: dict[str, dict[str, int]] = {}
    for row in rows(stream, where, tally):
        if isinstance(row, Row):
            grades.setdefault(row.query, {})[row.doc] = int(row.value)
        else:
            yield row
    for query, documents in grades.items():
        yield Gold(trace=query, reference=Reference(documents=documents), where=where)


def join_runs(runs: Sequence[tuple[str, Run]]) -> Iterator[Trace]:
    """One trace per query: the first run is the retrieval, each further one a rerank of the one before."""
    queries = dict.fromkeys(query for _, run in runs for query in run)
    for query in queries:
        spans: list[Span] = []
        before: tuple[Hit, ...] | None = None
        for number, (where, run) in enumerate(runs):
            if query not in run:
                continue
            hits = _hits(run[query])
            body = Retrieval(hits=hits) if before is None else Rerank(before=before, after=hits)
            kind = Kind.RETRIEVAL if before is None else Kind.RERANK
            spans.append(Span(id=f"run{number + 1}", kind=kind, name=where, seq=number, body=body,
                              parent=spans[0].id if spans else None))  # fmt: skip
            before = hits
        yield Trace(
            id=query, schema_version=SCHEMA_VERSION, spans=tuple(spans),
            origin=Origin(format=NAME, uri=", ".join(where for where, _ in runs)),
        )  # fmt: skip


def _hits(scored: list[tuple[str, float]]) -> tuple[Hit, ...]:
    scores = dict(scored)
    return tuple(Hit(doc=doc, rank=rank, score=scores[doc]) for rank, doc in enumerate(trec_order(scored), 1))
