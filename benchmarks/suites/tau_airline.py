"""tau-bench airline: write calls against gold, as predictors of the recorded reward. A gold reference **is** used."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import auroc, balanced_accuracy, kappa, measured

TOOLS = Path(__file__).resolve().parents[1] / "tau" / "airline.yaml"
CHANGING = ("write", "external", "privileged", "unknown")


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """``soft`` over successful writes as AUROC; ``exact`` over them, with the required outputs, as a verdict."""
    judged = judge(rows)
    groups = [one["group"] for one in judged]
    baselines: dict[str, Callable[[dict[str, Any]], bool]] = {
        "multiset of all write calls, raw JSON": lambda one: one["raw_writes"],
        "all calls strict": lambda one: one["strict"],
        "reference calls subset of calls": lambda one: one["subset"],
        "without the required outputs": lambda one: one["exact"],
    }
    return {
        "metrics": {
            "soft_auroc": measured(judged, groups, lambda d: auroc([(one["soft"], one["reward"]) for one in d])),
            "kappa": measured(judged, groups, lambda d: kappa([(one["passed"], one["reward"]) for one in d])),
            "balanced_accuracy": measured(
                judged, groups, lambda d: balanced_accuracy([(one["passed"], one["reward"]) for one in d])
            ),
        },
        "subsets": {
            "writes only": {
                "soft_auroc": measured(judged, groups, lambda d: auroc([(one["writes"], one["reward"]) for one in d])),
                "kappa": measured(judged, groups, lambda d: kappa([(one["exact"], one["reward"]) for one in d])),
            }
        },
        "baselines": {
            name: {
                "kappa": kappa([(rule(one), one["reward"]) for one in judged]),
                "balanced_accuracy": balanced_accuracy([(rule(one), one["reward"]) for one in judged]),
            }
            for name, rule in baselines.items()
        }
        | {"number of successful writes": {"soft_auroc": auroc([(-one["n_writes"], one["reward"]) for one in judged])}},
        "misses": [
            f"{one['id']}: reward {int(one['reward'])}, soft {one['soft']:.2f}, exact {int(one['exact'])}"
            for one in judged
            if one["passed"] != one["reward"]
        ],
    }


def judge(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every row through the product: messages adapter, call matching, tool scores."""
    from traceeval.adapters import read
    from traceeval.graph import ToolBook, load_tools

    specs = {spec.name: spec for spec in load_tools(TOOLS)}
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps({"id": row["id"], "messages": row["messages"]}) + "\n")
        lines.flush()
        traces = {trace.id: trace for trace in read([lines.name])}
    return [_one(row, traces[row["id"]], ToolBook(specs)) for row in rows]


def _one(row: dict[str, Any], trace: Any, book: Any) -> dict[str, Any]:
    import msgspec

    from traceeval.graph import TraceGraph, build_views
    from traceeval.model import CallSpec, Reference
    from traceeval.registry import Registry, Scorer

    gold = [a for a in row["gold_actions"] if book.spec(a["name"]).effect in CHANGING]
    calls = tuple(CallSpec(tool=action["name"], args=action["kwargs"], extra="forbid") for action in gold)
    graph = TraceGraph(msgspec.structs.replace(trace, reference=Reference(calls=calls)), book)
    view = build_views(graph).calls
    scorers = Registry("traceeval.scorers", Scorer)
    soft = scorers.get("tool.soft").call(view, calls="effects")
    exact = scorers.get("tool.exact").call(view, calls="effects")
    told = _outputs(row)
    writes = [call for call in graph.calls if call.executed and call.changes]
    made = [(call.name, json.dumps(call.arguments, sort_keys=True)) for call in writes]
    every = [(call.name, json.dumps(call.arguments, sort_keys=True)) for call in graph.calls if call.executed]
    wanted = [(action["name"], json.dumps(action["kwargs"], sort_keys=True)) for action in row["gold_actions"]]
    value = soft.value if soft.value is not None else 1.0
    return {
        "id": row["id"],
        "group": row["group"],
        "reward": row["reward"] >= 1,
        "writes": value,
        "soft": value * told,
        "exact": exact.value == 1.0,
        "passed": exact.value == 1.0 and told == 1.0,
        "raw_writes": Counter(made) == Counter((a["name"], json.dumps(a["kwargs"], sort_keys=True)) for a in gold),
        "strict": every == wanted,
        "subset": not Counter(wanted) - Counter(every),
        "n_writes": sum(call.ok is True for call in writes),
    }


def _outputs(row: dict[str, Any]) -> float:
    """Share of the required outputs that stand, as values, in something the agent said."""
    from traceeval.measures.facts import states

    wanted = row["gold_outputs"] or []
    said = "\n".join(m["content"] for m in row["messages"] if m["role"] == "assistant" and m.get("content"))
    return sum(states(said, str(one)) for one in wanted) / len(wanted) if wanted else 1.0
