"""Function calls in one turn: parity of the preset with the leaderboard's verdicts, and our own rules on changed answers.

Parity is with ``valid_ref_v4``, over every answer of every model, irrelevance apart. Changed answers are made by code
from the rows' own (``_perturb``), scored by ``tool.exact`` as it ships; the preset's figures stand beside ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from benchmarks.suites._bfcl import Called, view_of
from benchmarks.suites._perturb import canonical, perturbed
from traceeval.registry import Registry, Scorer

IRRELEVANT = "relevance"
_EXACT = Registry("traceeval.scorers", Scorer).get("tool.exact").call

Judged = dict[str, Any]


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """``parity`` of the preset; of changed answers the share accepted though wrong, and refused though right."""
    asked = [row for row in rows if row["category"] != IRRELEVANT]
    verdicts = [one for row in asked for one in _verdicts(row)]
    silent = [one for row in rows if row["category"] == IRRELEVANT for one in _silences(row)]
    own = [_judged(row, canonical(row), kind="canonical", right=True, where=row["id"]) for row in asked]
    changed = [
        _judged(row, made.calls, kind=made.kind, right=made.right, where=made.where)
        for row in asked
        for made in perturbed(row)
    ]
    wrong, right, open_ = ([d for d in changed if d["right"] is right] for right in (False, True, None))
    return {
        "metrics": {
            "parity": _rate(verdicts, lambda d: d["bfcl"] == d["verdict"]),
            "wrong_accepted": _rate(wrong, _accepted),
            "equivalents_rejected": _rate(right, _refused),
            "canonical_accepted": _rate(own, _accepted),
        },
        "subsets": {
            "irrelevance, published verdicts": {"parity": _rate(silent, lambda d: d["ours"] == d["verdict"])},
            **{
                k: {"parity": _rate(d, lambda one: one["bfcl"] == one["verdict"])} for k, d in _by("category", verdicts)
            },
            **{
                f"wrong: {kind} (n {len(d)})": {"wrong_accepted": _rate(d, _accepted)} for kind, d in _by("kind", wrong)
            },
            **{
                f"right: {kind} (n {len(d)})": {"equivalents_rejected": _rate(d, _refused)}
                for kind, d in _by("kind", right)
            },
            **{f"open: {kind} (n {len(d)})": {"accepted": _rate(d, _accepted)} for kind, d in _by("kind", open_)},
        },
        "baselines": {
            "preset bfcl": {
                "wrong_accepted": _share(wrong, lambda d: d["bfcl"]),
                "equivalents_rejected": _share(right, lambda d: not d["bfcl"]),
                "canonical_accepted": _share(own, lambda d: d["bfcl"]),
            },
            "our own rules": {"parity": _share(verdicts, lambda d: d["ours"] == d["verdict"])},
            "always valid": {"parity": _share(verdicts, lambda d: d["verdict"])},
        },
        "misses": [
            *(f"{d['id']}: verdict {d['verdict']}, preset {d['why']}" for d in verdicts if d["bfcl"] != d["verdict"]),
            *(f"{d['id']}: wrong but accepted: {d['kind']} at {d['where']}" for d in wrong if _accepted(d)),
            *(f"{d['id']}: right but refused: {d['kind']} at {d['where']}: {d['why']}" for d in right if _refused(d)),
            *(f"{d['id']}: canonical answer refused: {d['why']}" for d in own if _refused(d)),
            *(f"{d['id']}: irrelevance: verdict {d['verdict']}" for d in silent if d["ours"] != d["verdict"]),
        ],
    }


def _accepted(judged: Judged) -> bool:
    return bool(judged["ours"])


def _refused(judged: Judged) -> bool:
    return not judged["ours"]


def _verdicts(row: Mapping[str, Any]) -> Iterable[Judged]:
    """Every model's answer with the leaderboard's verdict, the preset's and ours."""
    for output in row["outputs"]:
        one = _judged(row, output["calls"] or (), kind="model", right=None, where=output["model"], told=True)
        yield {**one, "id": f"{row['id']} {output['model']}", "verdict": output["valid_ref_v4"]}


def _silences(row: Mapping[str, Any]) -> Iterable[Judged]:
    """Nothing should be called: the preset is not asked, only ``extra_calls: forbid`` is."""
    for output in row["outputs"]:
        one = _judged(row, output["calls"] or (), kind="model", right=None, where=output["model"])
        yield {**one, "id": f"{row['id']} {output['model']}", "verdict": output["valid_published"]}


def _judged(
    row: Mapping[str, Any], calls: Sequence[Called], *, kind: str, right: bool | None, where: str, told: bool = False
) -> Judged:
    """Both verdicts on one answer; ``why`` is of the one the figure is about, the preset where ``told``."""
    view = view_of(row, calls)
    ours, bfcl = _EXACT(view), _EXACT(view, preset="bfcl")
    return {
        "id": row["id"],
        "group": row["group"],
        "category": row["category"],
        "kind": kind,
        "right": right,
        "where": where,
        "ours": ours.value == 1.0,
        "bfcl": bfcl.value == 1.0,
        "why": bfcl.why if told else ours.why,
    }


def _rate(judged: list[Judged], holds: Callable[[Judged], bool]) -> dict[str, float | None]:
    return measured(judged, [one["group"] for one in judged], lambda drawn: _share(drawn, holds))


def _share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> float | None:
    return sum(map(holds, judged)) / len(judged) if judged else None


def _by(key: str, judged: list[Judged]) -> list[tuple[str, list[Judged]]]:
    return [(kind, [one for one in judged if one[key] == kind]) for kind in sorted({one[key] for one in judged})]
