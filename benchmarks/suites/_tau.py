"""Recorded tau-bench runs through the product: write calls against gold, and defects found without any gold.

Tools and policy rules are written from the policy texts (``benchmarks/tau``), never from references. A defect counts from
severity 2 on, when the agent did not mend it. What rests on the checker of claims alone (unsupported, dropped, turned
round) is not among them: those findings are about wording and are measured on other data; the figures with them from
severity 4 on are printed beside. Nothing is fitted. The policy, which the rows leave out, is put back as the system
message the agent had.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import auroc, balanced_accuracy, kappa, measured

TAU = Path(__file__).resolve().parents[1] / "tau"
CHANGING = ("write", "external", "privileged", "unknown")
FROM, CLAIMS_FROM = 2, 4
CLAIMS = frozenset({"generator.unsupported_claim", "generator.dropped_qualifier", "generator.flipped_qualifier"})

Judged = dict[str, Any]


def report(rows: list[dict[str, Any]], name: str, path: Path) -> dict[str, Any]:
    """Everything the suites share: with gold, without gold, baselines, a line a rule, and what was flagged and passed."""
    return report_of(rows, name, path)[0]


def report_of(rows: list[dict[str, Any]], name: str, path: Path) -> tuple[dict[str, Any], list[Judged]]:
    """The report, and the rows it was made from."""
    judged = judge(rows, name, policies(path))
    return _report(judged), judged


def policies(path: Path) -> dict[str, str]:
    """Policy texts by reference, from the file beside the rows; none where there is no such file."""
    file = (path if path.is_dir() else path.parent) / "policies.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def _report(judged: list[Judged]) -> dict[str, Any]:
    groups = [one["group"] for one in judged]

    def over(value: Callable[[list[Judged]], float | None]) -> Any:
        return measured(judged, groups, value)

    return {
        "metrics": {
            "soft_auroc": over(lambda d: auroc([(one["soft"], one["reward"]) for one in d])),
            "kappa": over(lambda d: kappa([(one["passed"], one["reward"]) for one in d])),
            "balanced_accuracy": over(lambda d: balanced_accuracy([(one["passed"], one["reward"]) for one in d])),
            "defect_precision": over(lambda d: _precision(d, "flagged")),
            "defect_recall": over(lambda d: _recall(d, "flagged")),
            "defect_auroc": over(lambda d: _failing(d, lambda one: one["weight"])),
        },
        "subsets": {
            "gold: writes only": {
                "soft_auroc": over(lambda d: auroc([(one["writes"], one["reward"]) for one in d])),
                "kappa": over(lambda d: kappa([(one["exact"], one["reward"]) for one in d])),
            },
            "no gold: with the write count as a feature": {
                "defect_auroc": over(lambda d: _failing(d, lambda one: one["weight"] + one["n_writes"]))
            },
            "no gold: policy rules alone": {
                "defect_precision": over(lambda d: _precision(d, "policy")),
                "defect_recall": over(lambda d: _recall(d, "policy")),
            },
            "no gold: without the policy rules": {
                "defect_precision": over(lambda d: _precision(d, "generic")),
                "defect_recall": over(lambda d: _recall(d, "generic")),
            },
            "no gold: with what the checker says of the answer": {
                "defect_precision": over(lambda d: _precision(d, "worded")),
                "defect_recall": over(lambda d: _recall(d, "worded")),
            },
        },
        "baselines": baselines(judged),
        "rules": [f"{code}: fired in {n}, of which failed {p:.2f}" for code, n, p in per_rule(judged)],
        "flagged_passed": [line for one in judged if one["reward"] and one["flagged"] for line in told(one)],
        "misses": [
            f"{one['id']}: reward {int(one['reward'])}, soft {one['soft']:.2f}, exact {int(one['exact'])}"
            for one in judged
            if one["passed"] != one["reward"]
        ],
    }


def judge(rows: list[dict[str, Any]], name: str, policies: dict[str, str]) -> list[Judged]:
    """Every row: its trace examined without gold, its calls matched against gold."""
    from traceeval.graph import load_tools
    from traceeval.risk import load_policy
    from traceeval.run import Setup, examine

    tools, rules = load_tools(TAU / f"{name}.yaml"), (str(TAU / f"{name}_rules.py"),)
    kit = Setup(policy=load_policy(), tools=tools, rules=rules).load()
    traces = recorded(rows, policies)
    judged = []
    for row in rows:
        examined = examine(traces[row["id"]], kit)
        if examined.failures:
            raise RuntimeError(f"{row['id']}: {examined.failures}")
        found = [f for f in examined.dossier.findings if counts(f)]
        worded = any(map(wording, examined.dossier.findings))
        judged.append(
            {
                **_gold(row, traces[row["id"]], tools),
                **_without(found),
                "worded": bool(found) or worded,
                "dossier": examined.dossier,
                "policy_text": policies.get(row.get("policy_ref", ""), ""),
            }
        )
    return judged


def recorded(rows: Sequence[dict[str, Any]], policies: dict[str, str]) -> dict[str, Any]:
    """Traces by id, as the adapter reads the messages of the rows; the policy in front as the system message."""
    from traceeval.adapters import read

    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines:
        for row in rows:
            text = policies.get(row.get("policy_ref", ""))
            told = [{"role": "system", "content": text}] if text else []
            lines.write(json.dumps({"id": row["id"], "messages": [*told, *row["messages"]]}) + "\n")
        lines.flush()
        return {trace.id: trace for trace in read([lines.name])}


def counts(finding: Any) -> bool:
    """Whether a finding is a defect in the sense of these suites."""
    return (
        finding.state == "defect" and not finding.repaired and finding.severity >= FROM and finding.code not in CLAIMS
    )


def wording(finding: Any) -> bool:
    """Whether it rests on the checker of claims, and is no mere remark."""
    return finding.state == "defect" and finding.code in CLAIMS and finding.severity >= CLAIMS_FROM


def _without(found: Sequence[Any]) -> Judged:
    return {
        "found": found,
        "flagged": bool(found),
        "policy": any(f.rule for f in found),
        "generic": any(not f.rule for f in found),
        "weight": float(len({(f.code, f.rule, f.key) for f in found})),
    }


def _gold(row: dict[str, Any], trace: Any, tools: Sequence[Any]) -> Judged:
    import msgspec

    from traceeval.graph import ToolBook, TraceGraph, build_views
    from traceeval.model import CallSpec, Reference
    from traceeval.registry import Registry, Scorer

    book = ToolBook({spec.name: spec for spec in tools})
    gold = [a for a in row["gold_actions"] if book.spec(a["name"]).effect in CHANGING]
    calls = tuple(CallSpec(tool=action["name"], args=action["kwargs"], extra="forbid") for action in gold)
    graph = TraceGraph(msgspec.structs.replace(trace, reference=Reference(calls=calls)), book)
    view = build_views(graph).calls
    scorers = Registry("traceeval.scorers", Scorer)
    soft = scorers.get("tool.soft").call(view, calls="effects")
    whole = scorers.get("tool.exact").call(view, calls="effects").value == 1.0
    told = outputs(row)
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
        "exact": whole,
        "passed": whole and told == 1.0,
        "raw_writes": Counter(made) == Counter((a["name"], json.dumps(a["kwargs"], sort_keys=True)) for a in gold),
        "strict": every == wanted,
        "subset": not Counter(wanted) - Counter(every),
        "n_writes": sum(call.ok is True for call in writes),
        "n_calls": len(every),
    }


def outputs(row: dict[str, Any]) -> float:
    """Share of the required outputs that stand, as values, in something the agent said."""
    from traceeval.measures.facts import states

    wanted = row["gold_outputs"] or []
    said = "\n".join(m["content"] for m in row["messages"] if m["role"] == "assistant" and m.get("content"))
    return sum(states(said, str(one)) for one in wanted) / len(wanted) if wanted else 1.0


def _precision(judged: Sequence[Judged], what: str) -> float | None:
    flagged = [one for one in judged if one[what]]
    return sum(not one["reward"] for one in flagged) / len(flagged) if flagged else None


def _recall(judged: Sequence[Judged], what: str) -> float | None:
    failed = [one for one in judged if not one["reward"]]
    return sum(one[what] for one in failed) / len(failed) if failed else None


def _failing(judged: Sequence[Judged], score: Callable[[Judged], float]) -> float | None:
    return auroc([(score(one), not one["reward"]) for one in judged])


def per_rule(judged: Sequence[Judged]) -> Iterator[tuple[str, int, float]]:
    """(rule, runs in which it fired, share of them that failed), the most frequent first."""
    fired: dict[str, list[bool]] = defaultdict(list)
    for one in judged:
        for code in sorted({f.rule or f.code for f in one["found"]}):
            fired[code].append(not one["reward"])
    for code, failed in sorted(fired.items(), key=lambda item: (-len(item[1]), item[0])):
        yield code, len(failed), sum(failed) / len(failed)


def told(one: Judged) -> Iterator[str]:
    """A run that was flagged and passed all the same: what it breaks, in the policy's own words where it is a policy rule."""
    for finding in one["found"]:
        words = next((e.quote for e in finding.evidence if e.field.startswith("policy ")), "")
        words = words or _sentence(one["policy_text"], finding.code)
        yield f"{one['id']}: {finding.code} ({finding.severity}): {finding.text}" + (
            f" | policy: {words}" if words else ""
        )


def _sentence(text: str, code: str) -> str:
    """The line of the policy that a finding of the catalogue is about; empty where it has none."""
    word = {
        "guard.unconfirmed_write": "explicit user confirmation",
        "guard.confirmation_mismatch": "explicit user confirmation",
        "tool.fabricated_argument": "make up any information",
    }.get(code)
    return next((line.lstrip("- ") for line in text.splitlines() if word and word in line), "")


def baselines(judged: Sequence[Judged]) -> dict[str, dict[str, float | None]]:
    """Trivial rules beside ours: with gold as verdicts, without gold as rankings and as the rate of failures."""
    rules = {
        "multiset of all write calls, raw JSON": "raw_writes",
        "all calls strict": "strict",
        "reference calls subset of calls": "subset",
        "without the required outputs": "exact",
    }
    verdicts: dict[str, dict[str, float | None]] = {
        name: {
            "kappa": kappa([(one[key], one["reward"]) for one in judged]),
            "balanced_accuracy": balanced_accuracy([(one[key], one["reward"]) for one in judged]),
        }
        for name, key in rules.items()
    }
    failed = sum(not one["reward"] for one in judged) / len(judged)
    return {
        **verdicts,
        "flag every run": {"defect_precision": failed, "defect_recall": 1.0},
        "number of successful writes": dict.fromkeys(
            ("soft_auroc", "defect_auroc"), _failing(judged, lambda one: one["n_writes"])
        ),
        "number of calls": {"defect_auroc": _failing(judged, lambda one: one["n_calls"])},
    }
