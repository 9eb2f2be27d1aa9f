"""trec_eval's own test files: ``mismatches``, values of ours that differ from the C program's output at four decimals.

``--data`` is the folder with ``test/``. Compared are the measures we have in every expected output that holds them, as
the makefile there produced it: means, per query, with relevance level 2 (``-l2``), over all judged queries (``-c``), of
the first 100 documents (``-M100``), with comments in the files, and at other cut-offs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import exact
from traceeval.measures import ranking

Order = Sequence[str]
Measure = Callable[[Order, Mapping[str, int], int], float | None]


def _gains(docs: Order, qrels: Mapping[str, int]) -> list[float]:
    return ranking.first_gains(docs, qrels)


def _cut(k: int) -> dict[str, Measure]:
    return {
        f"P_{k}": lambda docs, qrels, level: ranking.precision(_gains(docs, qrels), 1, k, level),
        f"recall_{k}": lambda docs, qrels, level: ranking.recall(
            _gains(docs, qrels), ranking.relevant_count(qrels, level), k, level
        ),
        f"ndcg_cut_{k}": lambda docs, qrels, level: ranking.ndcg(_gains(docs, qrels), ranking.ideal_dcg(qrels, k), k),
    }


_CUTS = (3, 5, 7, 10, 15, 20, 23, 30, 100, 200, 500, 1000, 2000)
MEASURES: dict[str, Measure] = {
    "map": lambda docs, qrels, level: ranking.average_precision(
        _gains(docs, qrels), ranking.relevant_count(qrels, level), level
    ),
    "recip_rank": lambda docs, qrels, level: ranking.reciprocal_rank(
        _gains(docs, qrels), ranking.relevant_count(qrels, level), level
    ),
    "bpref": lambda docs, qrels, level: ranking.bpref(docs, qrels, level),
    "ndcg": lambda docs, qrels, level: ranking.ndcg(_gains(docs, qrels), ranking.ideal_dcg(qrels)),
    **{name: measure for k in _CUTS for name, measure in _cut(k).items()},
}


@dataclass(frozen=True, slots=True)
class Test:
    """One expected output and what trec_eval was given. ``all``: judged queries that were not run count as 0."""

    expected: str
    qrels: str = "qrels.test"
    results: str = "results.test"
    level: int = 1
    all: bool = False
    most: int | None = None


TESTS = (
    Test("out.test"),
    Test("out.test", qrels="qrels.test.with-comments"),
    Test("out.comment.test", qrels="qrels.comment.test", results="results.comment.test"),
    Test("out.test.a"),
    Test("out.test.aq"),
    Test("out.test.aqc", results="results.trunc", all=True),
    Test("out.test.aqcM", results="results.trunc", all=True, most=100),
    Test("out.test.aql", qrels="qrels.rel_level", level=2),
    Test("out.test.meas_params"),
)


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Every value of the expected outputs that we have a measure for."""
    test = path / "test"
    found = [compared for one in TESTS for compared in _compare(test, one)]
    wrong = [told for ok, told in found if not ok]
    return {
        "rows": len(found),
        "metrics": {"mismatches": exact(float(len(wrong))), "values_compared": exact(float(len(found)))},
        "subsets": {},
        "baselines": {},
        "misses": wrong[:40],
    }


def _compare(folder: Path, test: Test) -> Iterator[tuple[bool, str]]:
    judged, ranked = _qrels(folder / test.qrels), _run(folder / test.results)
    asked = judged if test.all else [query for query in ranked if query in judged]
    values = {query: _values(ranked.get(query, [])[: test.most], judged[query], test.level) for query in asked}
    for measure, query, value in _outputs(folder / test.expected):
        each = [one[measure] for one in values.values()] if query == "all" else [values[query][measure]]
        ours = sum(each) / len(each)
        yield abs(ours - value) < 0.5001e-4, f"{test.expected} {measure} {query}: {ours:.6f}, expected {value}"


def _values(docs: Order, qrels: Mapping[str, int], level: int) -> dict[str, float]:
    return {name: measure(docs, qrels, level) or 0.0 for name, measure in MEASURES.items()}


def _outputs(path: Path) -> Iterator[tuple[str, str, float]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        measure, query, value = line.split()
        if measure in MEASURES:
            yield measure, query, float(value)


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for query, _, doc, grade, *_ in _columns(path):
        found[query][doc] = int(grade)
    return found


def _run(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for query, _, doc, _, score, *_ in _columns(path):
        found[query].append((doc, float(score)))
    return {query: ranking.trec_order(scored) for query, scored in found.items()}


def _columns(path: Path) -> Iterator[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return (line.split() for line in lines if line.strip() and not line.startswith("#"))
