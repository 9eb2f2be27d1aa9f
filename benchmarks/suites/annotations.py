"""Tools without an annotation file: is their effect inferred as a person wrote it, and how many rules still decide?

``--data`` is the folder that holds ``tau_airline`` and ``tau_retail_agentrx``; the repository's own traces are always read.
The lists people wrote: ``benchmarks/tau/*.yaml`` from policy texts, ``examples/support_desk/tools.yaml``.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import exact, measured

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = {
    "tau_airline": ROOT / "benchmarks" / "tau" / "airline.yaml",
    "tau_retail_agentrx": ROOT / "benchmarks" / "tau" / "retail.yaml",
    "traces": ROOT / "examples" / "support_desk" / "tools.yaml",
}
CHANGING = ("write", "external", "privileged")


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """``effect_agreement`` over tools; ``changes_agreement``: changes the world or not; ``decides_*`` over (rule, trace).

    A rule decides on a trace when none of its answers is ``unknown``; that its question does not arise is a decision.
    """
    traces = {name: found for name in WRITTEN if (found := list(recorded(name, path)))}
    tools = [tool for name in WRITTEN for tool in compared(name, traces.get(name, []))]
    groups = [tool["tool"] for tool in tools]
    shares = {name: decided(found) for name, found in traces.items()}
    common = Counter(tool["written"] for tool in tools).most_common(1)[0][0]
    return {
        "rows": len(tools),
        "groups": len(tools),
        "metrics": {
            "effect_agreement": measured(tools, groups, agreement),
            "changes_agreement": measured(tools, groups, lambda t: sum(map(_same_side, t)) / len(t)),
            **{f"decides_{name}": exact(share) for name, (share, _) in shares.items()},
        },
        "subsets": {
            **{
                name: {"effect_agreement": exact(agreement([t for t in tools if t["list"] == name]))}
                for name in WRITTEN
            },
            **{
                f"{name}, unknown answers": {code: exact(n) for code, n in told.items()}
                for name, (_, told) in shares.items()
            },
        },
        "baselines": {
            f"always {common}": {"effect_agreement": sum(t["written"] == common for t in tools) / len(tools)},
            "get, list, find, search: read, else write": {
                "effect_agreement": sum(t["written"] == _by_head(t["tool"]) for t in tools) / len(tools)
            },
            "with the written file": {f"decides_{name}": decided(traces[name], WRITTEN[name])[0] for name in traces},
        },
        "misses": [f"{t['tool']}: written {t['written']}, inferred {t['inferred']}" for t in tools if not _same(t)],
    }


def recorded(name: str, path: Path) -> Iterator[Any]:
    """Traces of one list, as an adapter reads them."""
    from traceeval.adapters import read

    if name == "traces":
        yield from read(sorted((ROOT / "traces").glob("*.otlp.jsonl")))
        return
    source = path / name / "dev.jsonl"
    if not source.exists():
        return
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines:
        for line in source.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            lines.write(json.dumps({"id": row["id"], "messages": row["messages"]}) + "\n")
        lines.flush()
        yield from read([lines.name])


def compared(name: str, traces: Sequence[Any]) -> list[dict[str, Any]]:
    """Every tool of a written list beside what is inferred of it, from its name and what the traces record of it."""
    from traceeval.graph import ToolBook, TraceGraph, load_tools

    book = ToolBook()
    for trace in traces:
        book.learn(TraceGraph(trace).book.offered)
    return [
        {"list": name, "tool": f"{name}/{spec.name}", "written": spec.effect, "inferred": book.spec(spec.name).effect}
        for spec in load_tools(WRITTEN[name])
    ]


def decided(traces: Sequence[Any], tools: Path | None = None) -> tuple[float, dict[str, int]]:
    """(share of (rule, trace) pairs without an ``unknown`` answer, rule -> traces in which it answered so)."""
    from traceeval.graph import load_tools
    from traceeval.run import lint_tools

    found = lint_tools(load_tools(tools) if tools else (), traces)
    return found.decided / found.asked, dict(found.unknown)


def agreement(tools: list[dict[str, Any]]) -> float | None:
    """Share of tools whose inferred effect is the written one."""
    return sum(map(_same, tools)) / len(tools) if tools else None


def _by_head(tool: str) -> str:
    """The simplest reading of a name."""
    return "read" if tool.partition("/")[2].split("_")[0] in ("get", "list", "find", "search") else "write"


def _same(tool: dict[str, Any]) -> bool:
    return bool(tool["written"] == tool["inferred"])


def _same_side(tool: dict[str, Any]) -> bool:
    return (tool["written"] in CHANGING) == (tool["inferred"] in CHANGING) and tool["inferred"] != "unknown"
