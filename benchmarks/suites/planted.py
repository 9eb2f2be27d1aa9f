"""Planted faults: traces with exactly one fault each, found again by ``evaluate``; the labels are never its input.

Beside the labels lie the traces; ``gold.jsonl`` and ``tools.yaml`` are used when they are there, else the example's
annotations. ``no_gold_*`` are of a second run in which the gold is withheld: is the component of the fault the first
suspect, is it among the two; and how many clean traces have suspects all the same.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured

ROOT = Path(__file__).resolve().parents[2]
CLEAN = "clean"
FROM = 3  # findings below this severity are remarks
CHAIN = frozenset({"retrieval_miss", "ranked_out", "context_truncated", "context_ignored"})
"""The faults between index and answer, which can be told without gold."""


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Precision and recall of the top finding, the blamed component, and clean traces with serious findings."""
    folder = path if path.is_dir() else path.parent
    files = sorted({row["file"] for row in rows})
    found, suspected = evaluate_files(folder, files), suspects_of(folder, files)
    judged = [{**judge(row, found.get(row["trace"])), **_suspected(row, suspected)} for row in rows]
    kinds = sorted({row["fault"] or CLEAN for row in rows} - {CLEAN})
    return {
        "metrics": metrics(judged),
        "subsets": {kind: metrics([one for one in judged if one["fault"] in (kind, CLEAN)]) for kind in kinds},
        "baselines": {
            "nothing found": {"recall": 0.0},
            "most frequent finding": {"recall": _most_frequent(rows)},
            "always retriever": dict.fromkeys(("no_gold_top1", "no_gold_top2"), _always(rows, "retriever")),
            "always retriever and generator": {"no_gold_top2": _always(rows, "retriever", "generator")},
        },
        "misses": [one["told"] for one in judged if one["told"]],
    }


def _evaluated(folder: Path, files: list[str], *, gold: bool) -> Any:
    import traceeval
    from traceeval.adapters import read_records

    tools = next(p for p in (folder / "tools.yaml", ROOT / "examples" / "support_desk" / "tools.yaml") if p.exists())
    told = folder / "gold.jsonl"
    records = list(read_records([folder / file for file in files]))
    known = traceeval.read_gold(told) if gold and told.exists() else ()
    kept = records if gold else [bare for one in records if (bare := _without_gold(one)) is not None]
    return traceeval.evaluate([*known, *kept], tools=traceeval.load_tools(tools))


def _without_gold(record: Any) -> Any:
    """A record as it would be if nobody had said what is right; None for one that says nothing else."""
    import msgspec

    import traceeval

    if isinstance(record, traceeval.Trace):
        return msgspec.structs.replace(record, reference=None)
    return None if isinstance(record, traceeval.Gold) else record


def suspects_of(folder: Path, files: list[str]) -> dict[str, list[str]]:
    """Trace -> its suspects, the first first, with gold withheld."""
    run = _evaluated(folder, files, gold=False)
    return {one.trace: [suspect.component.value for suspect in one.suspects] for one in run.suspects}


def _suspected(row: dict[str, Any], found: dict[str, list[str]]) -> dict[str, Any]:
    named = found.get(row["trace"], [])
    return {
        "chain": row["fault"] in CHAIN,
        "first": named[:1] == [row["component"]],
        "named": row["component"] in named,
        "suspected": bool(named),
    }


def evaluate_files(folder: Path, files: list[str]) -> dict[str, dict[str, Any]]:
    """Trace -> its top finding, every serious one, and the component with most blame."""
    from traceeval.diagnose import top_finding

    run = _evaluated(folder, files, gold=True)
    findings: dict[str, list[Any]] = defaultdict(list)
    for finding in run.findings:
        findings[finding.subject.trace].append(finding)
    blame: dict[str, list[Any]] = defaultdict(list)
    for share in run.blame:
        blame[share.trace].append(share)
    return {
        trace: {
            "top": top_finding(findings[trace]),
            "serious": [f.code for f in findings[trace] if f.state == "defect" and f.severity >= 4],
            "blamed": max(blame[trace], key=lambda share: share.share).component.value if blame[trace] else None,
        }
        for trace in {*findings, *blame}
    }


def judge(row: dict[str, Any], found: dict[str, Any] | None) -> dict[str, Any]:
    """One labelled trace against what was found. ``fired``: a finding of note; ``hit``: the planted one on top."""
    top = found["top"] if found else None
    code = top.code if top is not None and top.severity >= FROM else None
    hit = row["finding"] is not None and code == row["finding"]
    blamed = found["blamed"] if found else None
    right = row["component"] is None or blamed == row["component"]
    serious = row["finding"] is None and bool(found and found["serious"])
    told = ""
    if (row["finding"] is not None and not (hit and right)) or (row["finding"] is None and code) or serious:
        told = f"{row['trace'][:12]} {row['fault'] or CLEAN}: expected {row['finding']}, got {code}, blamed {blamed}"
    return {
        "trace": row["trace"],
        "fault": row["fault"] or CLEAN,
        "planted": row["finding"] is not None,
        "clean": row["finding"] is None,
        "fired": code is not None,
        "hit": hit,
        "right": right,
        "serious": serious,
        "told": told,
    }


def metrics(judged: list[dict[str, Any]]) -> dict[str, Any]:
    """Every figure with its interval over traces."""
    groups = [one["trace"] for one in judged]
    return {
        "precision": measured(judged, groups, _precision),
        "recall": measured(judged, groups, _recall),
        "component_accuracy": measured(judged, groups, _component),
        "clean_with_severity_4": measured(judged, groups, _serious),
        "no_gold_top1": measured(judged, groups, lambda rows: _share(rows, "chain", "first")),
        "no_gold_top2": measured(judged, groups, lambda rows: _share(rows, "chain", "named")),
        "no_gold_clean_suspected": measured(judged, groups, lambda rows: _share(rows, "clean", "suspected")),
    }


def _share(judged: list[dict[str, Any]], of: str, what: str) -> float | None:
    asked = [one for one in judged if one[of]]
    return sum(one[what] for one in asked) / len(asked) if asked else None


def _always(rows: list[dict[str, Any]], *components: str) -> float | None:
    whose = [row["component"] for row in rows if row["fault"] in CHAIN]
    return sum(one in components for one in whose) / len(whose) if whose else None


def _precision(judged: list[dict[str, Any]]) -> float | None:
    fired = [one for one in judged if one["fired"]]
    return sum(one["hit"] for one in fired) / len(fired) if fired else None


def _recall(judged: list[dict[str, Any]]) -> float | None:
    planted = [one for one in judged if one["planted"]]
    return sum(one["hit"] for one in planted) / len(planted) if planted else None


def _component(judged: list[dict[str, Any]]) -> float | None:
    planted = [one for one in judged if one["planted"]]
    return sum(one["right"] for one in planted) / len(planted) if planted else None


def _serious(judged: list[dict[str, Any]]) -> float | None:
    clean = [one for one in judged if not one["planted"]]
    return sum(one["serious"] for one in clean) / len(clean) if clean else None


def _most_frequent(rows: list[dict[str, Any]]) -> float:
    planted = [row["finding"] for row in rows if row["finding"] is not None]
    return max(map(planted.count, planted)) / len(planted) if planted else 0.0
