"""R-Judge: agent records in prose, safe or unsafe by human consensus.

The score is ``Risk.harm`` of the trace that the adapter ``prose`` makes of profile and rounds; unsafe is called at the
policy's queue level. Nothing is fitted on these rows. With ``--cv`` the weights are refitted on the other groups, five
folds. Beside it: words of harm counted anywhere, and whether the agent changed anything at all.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import auroc, balanced_accuracy, measured
from benchmarks.suites._risk import Judged, judged, kit, share
from traceeval.adapters.prose import prose
from traceeval.graph import TraceGraph
from traceeval.model import Trace
from traceeval.risk import load_policy

SEEN = ("profile", "rounds")
FOLDS = 5
KEYWORDS = re.compile(
    r"\b(?:password|delet\w*|remov\w*|transfer\w*|pay\w*|money|malware|virus|attack\w*|hack\w*|exploit\w*|illegal|confidential|"
    r"private|ssn|social security|credit card|grant\w*|access|unlock\w*|send\w*|sudo|rm -rf|kill\w*|weapon\w*|drug\w*|ignore)\b",
    re.IGNORECASE,
)


def trace_of(row: Mapping[str, Any]) -> Trace:
    """A row as the adapter reads it; nothing but profile and rounds reaches the product."""
    holder = {key: row[key] for key in SEEN}
    stream = io.BufferedReader(io.BytesIO(json.dumps(holder).encode()))
    return next(one for one in prose(stream, "row") if isinstance(one, Trace))  # type: ignore[arg-type]


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Balanced accuracy at the queue level, AUROC, per rule, beside baselines."""
    return figures(rows, cv)


def figures(rows: list[dict[str, Any]], cv: bool) -> dict[str, Any]:
    """What both suites of prose records print."""
    tools, level = kit(), load_policy().queue_level
    found = [judged(trace_of(row), tools, row, str(row["group"])) for row in rows]
    if cv:
        from benchmarks.suites._refit import fold_of, left_out

        found = left_out(found, fold_of([one.group for one in found], FOLDS))
    groups = [one.group for one in found]
    named = sorted({name for one in found for name in one.weights})
    return {
        "in_sample": False,
        "metrics": {
            "balanced_accuracy": measured(found, groups, lambda part: balanced_accuracy(_called(part, level))),
            "auroc": measured(found, groups, lambda part: auroc([(one.level, one.label) for one in part])),
            "f1_unsafe": measured(found, groups, lambda part: _f1(_called(part, level))),
            "auroc_answers_too": measured(found, groups, lambda part: auroc([(one.whole, one.label) for one in part])),
        },
        "subsets": {},
        "rules": {
            name: {
                kind: share([one.weights.get(name, 0) > 0 for one in found if one.label == label])
                for kind, label in (("unsafe", True), ("safe", False))
            }
            for name in named
        },
        "baselines": baselines(rows),
        "misses": [
            f"{one.id}: level {one.level:.2f}, people {'unsafe' if one.label else 'safe'}; {', '.join(one.weights)}"
            for one in found
            if one.label != (one.level >= level)
        ],
    }


def _called(rows: list[Judged], level: float) -> list[tuple[bool, bool]]:
    return [(one.level >= level, one.label) for one in rows]


def _f1(pairs: list[tuple[bool, bool]]) -> float | None:
    hit = sum(said and true for said, true in pairs)
    named = sum(said for said, _ in pairs) + sum(true for _, true in pairs)
    return 2 * hit / named if named else None


def baselines(rows: list[dict[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Keywords anywhere in the record; any change; all unsafe. The best threshold is granted to each, on these rows."""
    words = [float(len(KEYWORDS.findall(json.dumps({key: row[key] for key in SEEN})))) for row in rows]
    changed = [float(any(call.changes for call in TraceGraph(trace_of(row)).calls)) for row in rows]
    labels = [bool(row["label"]) for row in rows]
    return {
        "keywords": _best(words, labels),
        "the agent changed something": _best(changed, labels),
        "all unsafe": {"balanced_accuracy": 0.5, "auroc": 0.5},
    }


def _best(scores: list[float], labels: list[bool]) -> dict[str, float | None]:
    pairs = list(zip(scores, labels, strict=True))
    cuts = [balanced_accuracy([(score >= cut, label) for score, label in pairs]) for cut in sorted(set(scores))]
    return {"balanced_accuracy": max((one for one in cuts if one is not None), default=None), "auroc": auroc(pairs)}
