"""trec_eval's own test files: ``mismatches``, values of ours that differ from the C program's output at four decimals.

``--data`` is the folder with ``test/``. Compared are the measures we have, for all queries (``out.test.a``), per query
(``out.test.aq``) and with relevance level 2 (``out.test.aql``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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


MEASURES: dict[str, Measure] = {
    "map": lambda docs, qrels, level: ranking.average_precision(
        _gains(docs, qrels), ranking.relevant_count(qrels, level), level
    ),
    "recip_rank": lambda docs, qrels, level: ranking.reciprocal_rank(
        _gains(docs, qrels), ranking.relevant_count(qrels, level), level
    ),
    "bpref": lambda docs, qrels, level: ranking.bpref(docs, qrels, level),
    "ndcg": lambda docs, qrels, level: ranking.ndcg(_gains(docs, qrels), ranking.ideal_dcg(qrels)),
    **{name: measure for k in (5, 10, 15, 20, 30, 100, 200, 500, 1000) for name, measure in _cut(k).items()},
}
RUNS = (("out.test.a", "qrels.test", 1), ("out.test.aq", "qrels.test", 1), ("out.test.aql", "qrels.rel_level", 2))


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Every value of the expected outputs that we have a measure for."""
    test = path / "test"
    found = [one for expected, qrels, level in RUNS for one in _compare(test, expected, qrels, level)]
    wrong = [told for ok, told in found if not ok]
    return {
        "rows": len(found),
        "metrics": {"mismatches": exact(float(len(wrong))), "values_compared": exact(float(len(found)))},
        "subsets": {},
        "baselines": {},
        "misses": wrong[:40],
    }


def _compare(test: Path, expected: str, qrels: str, level: int) -> Iterator[tuple[bool, str]]:
    judged, ranked = _qrels(test / qrels), _run(test / "results.test")
    values = {query: _values(docs, judged.get(query, {}), level) for query, docs in ranked.items() if query in judged}
    for measure, query, value in _outputs(test / expected):
        if measure not in MEASURES:
            continue
        each = [one[measure] for one in values.values()] if query == "all" else [values[query][measure]]
        ours = sum(each) / len(each)
        yield abs(ours - value) < 0.5001e-4, f"{expected} {measure} {query}: {ours:.6f}, expected {value}"


def _values(docs: Order, qrels: Mapping[str, int], level: int) -> dict[str, float]:
    return {name: measure(docs, qrels, level) or 0.0 for name, measure in MEASURES.items()}


def _outputs(path: Path) -> Iterator[tuple[str, str, float]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        measure, query, value = line.split()
        if measure in MEASURES:
            yield measure, query, float(value)


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        query, _, doc, grade = line.split()[:4]
        found[query][doc] = int(grade)
    return found


def _run(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        query, _, doc, _, score = line.split()[:5]
        found[query].append((doc, float(score)))
    return {query: ranking.trec_order(scored) for query, scored in found.items()}
