"""TREC runs and qrels. Two runs of the same queries are before and after reranking, in the order given.

Source: https://trec.nist.gov; order as trec_eval: score as float32 descending, then document id descending; the rank
column is ignored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from io import BufferedReader

from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.adapters._trec import Row, columns, is_comment, is_header, is_number, is_whole_number, rows
from traceeval.adapters._trec_runs import Run, join_runs
from traceeval.model import Diagnostic, Gold, Reference
from traceeval.registry import adapter

NAME = "trec"
_MOST = 0.7


def kind_of(sample: Sample) -> str | None:
    """``run`` or ``qrels`` by the number of columns; None when it is neither."""
    if sample.container not in ("table", "text") or not sample.lines:
        return None
    table = [columns(line) for line in sample.lines if not is_comment(line)]
    if not table:
        return None
    (width, count), *others = Counter(len(parts) for parts in table).most_common()
    if others and (count < _MOST * len(table) or not all(_numbered(parts) for parts in table if len(parts) == width)):
        return None  # prose; a few damaged lines make no table a prose
    if width == 6:
        return "run"
    of_width = [parts for parts in table if len(parts) == width]
    if width in (3, 4) and (is_header(of_width[0]) or is_whole_number(of_width[-1][-1])):
        return "qrels"
    return None


def _numbered(parts: Sequence[str]) -> bool:
    """Whether a number stands where one belongs: the score of a run, the grade of a judgement."""
    return is_header(list(parts)) or is_number(parts[4] if len(parts) == 6 else parts[-1])


def sniff(sample: Sample) -> tuple[float, str]:
    """Six columns of a run, four of qrels, or three below a BEIR header."""
    kind = kind_of(sample)
    return (0.9, kind) if kind else (0.0, "no table of 6, 4 or 3 columns")


@adapter(NAME, sniff=sniff)
def trec(stream: BufferedReader, where: str) -> Iterator[Record]:
    """A run as traces with a retrieval, or qrels as gold. ``read_runs`` puts several runs together."""
    head = stream.peek(1).decode("utf-8-sig", "replace").split("\n")
    first = next((line for line in head if line.strip() and not is_comment(line)), "")
    if len(columns(first)) == 6:
        return read_runs([(stream, where)])
    tally = Tally(NAME, where, "qrels")
    return tally.closing(_qrels(stream, where, tally))


def _qrels(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Record]:
    """One Gold per query."""
    grades: dict[str, dict[str, int]] = {}
    for row in rows(stream, tally):
        if isinstance(row, Row):
            grades.setdefault(row.query, {})[row.doc] = int(row.value)
        else:
            yield row
    for query, documents in grades.items():
        yield Gold(trace=query, reference=Reference(documents=documents), where=where)


def read_runs(sources: Sequence[tuple[BufferedReader, str]]) -> Iterator[Record]:
    """One trace per query of all runs, in the order given; then the account of each."""
    runs = [Run(where=where, tally=Tally(NAME, where, "run")) for _, where in sources]
    for (stream, _), run in zip(sources, runs, strict=True):
        for record in run.tally.closing(_filled(stream, run)):
            if isinstance(record, Diagnostic):
                yield record
    yield from join_runs(runs)
    yield from (run.tally.report() for run in runs)


def _filled(stream: BufferedReader, run: Run) -> Iterator[Diagnostic]:
    for row in rows(stream, run.tally):
        if isinstance(row, Row):
            run.scores.setdefault(row.query, {}).setdefault(row.doc, row.value)
            run.tag = run.tag or row.tag
        else:
            yield row
    run.tally.spans = len(run.scores)
    run.tally.kept.update({"span": len(run.scores)} if run.scores else {})
