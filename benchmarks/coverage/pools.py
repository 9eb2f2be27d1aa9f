"""TREC 2003 Robust, four runs: a quarter of the pool of depth 10 is judged; is P@10 of all of it covered?

The chance of a document grows with how many runs ranked it; their number is also the score of the estimator. The baseline counts
unjudged documents as irrelevant, as evaluation with incomplete judgements does.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.coverage.rates import Tally
from traceeval.measures.pools import Pool, PooledDocument, precision
from traceeval.measures.sampling import inclusion

DEPTH, SHARE = 10, 0.25
Rankings = dict[str, dict[str, list[str]]]


def read(data: Path) -> tuple[Rankings, dict[tuple[str, str], bool]]:
    """(run -> question -> documents, (question, document) -> relevant) of the labelled rows."""
    rows = [json.loads(line) for line in (data / "robust03" / "dev.jsonl").read_text().splitlines()]
    runs: Rankings = {}
    relevant: dict[tuple[str, str], bool] = {}
    for row in rows:
        for name, scored in row["runs"].items():
            ordered = sorted(
                sorted((doc for doc, _ in scored), reverse=True), key=dict(scored).__getitem__, reverse=True
            )
            runs.setdefault(name, {})[row["id"]] = ordered[:DEPTH]
            relevant |= {(row["id"], doc): row["qrels"].get(doc, 0) > 0 for doc in ordered[:DEPTH]}
    return runs, relevant


def votes(runs: Rankings) -> Counter[tuple[str, str]]:
    """How many runs ranked a document among the first ten of a question."""
    return Counter((question, doc) for docs in runs.values() for question, found in docs.items() for doc in found)


def judged(counted: Counter[tuple[str, str]], relevant: dict[tuple[str, str], bool], rng: np.random.Generator) -> Pool:
    """One draw of a quarter of the pool."""
    pi = inclusion([n**0.5 for n in counted.values()], SHARE * len(counted))
    drawn = rng.random(len(pi)) < pi
    return {
        pair: PooledDocument(chance, bool(seen), relevant[pair] if seen else None, score=float(n))
        for (pair, n), chance, seen in zip(counted.items(), pi, drawn, strict=True)
    }


def run(draws: int, data: Path) -> dict[str, Any]:
    """Coverage, bias and width by run; and what counting unjudged documents as irrelevant would say."""
    runs, relevant = read(data)
    counted, rng = votes(runs), np.random.default_rng(14)
    tallies, naive = {name: Tally() for name in runs}, dict.fromkeys(runs, 0.0)
    truth = {name: _precision(docs, relevant) for name, docs in runs.items()}
    for _ in range(draws):
        pool = judged(counted, relevant, rng)
        known = {pair: bool(one.relevant) for pair, one in pool.items()}
        for name, docs in runs.items():
            found = precision(docs, pool, DEPTH)
            if found is not None:
                tallies[name].add(found, truth[name], 0.0)
            naive[name] += _precision(docs, known) / draws
    return {
        name: {"p10": truth[name], "unjudged_as_irrelevant": naive[name], **tally.row()}
        for name, tally in tallies.items()
    }


def _precision(docs: dict[str, list[str]], relevant: dict[tuple[str, str], bool]) -> float:
    return sum(relevant[question, doc] for question, found in docs.items() for doc in found) / (DEPTH * len(docs))
