"""Near-verbatim contradictions, written for this project (``tests/data/contradictions/pairs.jsonl``).

``caught``: flips the rules are meant to see that are vetoed or deferred; ``caught_unlisted``: flips by words no list
holds, which a checker of words cannot see; ``twins_deferred``: faithful twins that are vetoed or deferred, and
``twins_held``: that are supported; ``condemned``: flips a veto called unsupported, which must not happen. By type and
by direction as subsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from traceeval.judge import Ask
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import ClaimVerdict, Passage


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Rates over all pairs and by type of flip. Nothing is fitted."""
    told = [judge(row) for row in rows]
    kinds = sorted({row["type"] for row in rows})
    return {
        "metrics": metrics(told),
        "subsets": {kind: metrics([one for one in told if one["type"] == kind]) for kind in kinds}
        | {way: metrics([one for one in told if one["direction"] == way]) for way in ("forth", "back")},
        "baselines": {"score alone": {"caught": _score_alone(told)}},
        "misses": [f"{one['id']}: {one['flipped']}" for one in told if one["covered"] and not one["caught"]],
    }


def judge(row: dict[str, Any]) -> dict[str, Any]:
    """A pair with what the checker said of its flip and of its twin."""
    flip, twin = verdict(row["flipped"], row["source"]), verdict(row["twin"], row["source"])
    vetoed = any(code.startswith("veto_") for code in flip.codes)
    return row | {
        "group": row["id"].partition("-")[0],
        "caught": flip.outcome == "defer",
        "condemned": vetoed and flip.outcome != "defer",
        "score": flip.p,
        "held": twin.outcome == "supported",
        "twin_deferred": twin.outcome == "defer",
    }


def verdict(claim: str, source: str) -> ClaimVerdict:
    """What the embedded checker says of one claim against one sentence."""
    return LexicalChecker().check(Ask.supports(claim, (Passage(id="source", text=source),))).verdicts[0]


def metrics(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The five rates."""
    listed = [one for one in told if one["covered"]]
    unlisted = [one for one in told if not one["covered"]]
    return {
        "caught": _rate(listed, "caught"),
        "caught_unlisted": _rate(unlisted, "caught"),
        "twins_deferred": _rate(told, "twin_deferred"),
        "twins_held": _rate(told, "held"),
        "condemned": _rate(told, "condemned"),
    }


def _rate(told: Sequence[dict[str, Any]], name: str) -> dict[str, float | None]:
    groups = [one["group"] for one in told]
    return measured(told, groups, lambda drawn: sum(one[name] for one in drawn) / len(drawn) if drawn else None)


def _score_alone(told: Sequence[dict[str, Any]]) -> float:
    """Share of the covered flips that a support score under .5 would have caught, without any rule."""
    listed = [one for one in told if one["covered"]]
    return sum(float(one["score"] or 0.0) < 0.5 for one in listed) / len(listed)
