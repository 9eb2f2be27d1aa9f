"""``speed.py trajectories``: conversations through our matchers and through all our rules, and through peers' matchers.

Rounds are interleaved; peers run in an environment of their own (``make bench-setup``), each round in a new process that
times the work alone. Like is compared with like: ``modes`` is ours from bytes to the verdicts of agentevals' four modes,
with classes and alignment; ``all_rules`` is the whole of ``evaluate`` on the same conversations.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks._peers import MODES
from benchmarks._trajectories import calls_of, conversations
from traceeval import read_gold
from traceeval.model import Gold

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench" / "bin" / "python"
PEER_FILE, OUR_FILE, GOLD_FILE = "peers.jsonl", "ours.jsonl", "gold.jsonl"
NAMES = ("agentevals", "deepeval")
ABSENT = "not installed: run `make bench-setup`"

Figures = dict[str, Any]


def trajectories(count: int, rounds: int = 5) -> Figures:
    """Rates, ratios of CPU seconds, and how many verdicts agree."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _write(count, place)
        work: dict[str, Callable[[], Figures]] = {
            "modes": lambda: _timed(lambda: _modes(place)),
            "all_rules": lambda: _timed(lambda: _evaluate(place)),
            "floor": lambda: _timed(
                lambda: [json.loads(line) for line in (place / OUR_FILE).read_bytes().splitlines()]
            ),
            **(
                {name: partial(_peer, name, place) for name in NAMES}
                if (PEERS.parents[1] / ".installed").exists()
                else {}
            ),
        }
        for one in ("modes", "all_rules"):
            work[one]()  # plug-ins are imported once, before anything is timed
        done: dict[str, list[Figures]] = {name: [] for name in work}
        for _ in range(rounds):
            for name, run in work.items():
                done[name].append(run())
    figures = {name: _summary(runs, count) for name, runs in done.items()}
    peers = {name: figures[name] for name in NAMES if name in figures}
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "bench": "trajectories",
        "work": {"trajectories": count, "messages": 20, "rounds": rounds, "cores": os.cpu_count()},
        "ours": {"modes": figures["modes"], "all_rules": figures["all_rules"], "rss_mb": round(rss, 1)},
        "peers": {name: peers.get(name, ABSENT) for name in NAMES},
        "floor": {"json": figures["floor"]},
        "ratio": {
            f"{mine} / {name}": round(figures[mine]["cpu_s"] / peer["cpu_s"], 4)
            for mine in ("modes", "all_rules")
            for name, peer in peers.items()
        },
        "verdicts_equal": {name: _equal(done["modes"][0], done[name][0], name) for name in peers},
    }


def _write(count: int, folder: Path) -> None:
    """What peers read; the same conversations and the expected calls as our adapters read them."""
    paths = [folder / name for name in (PEER_FILE, OUR_FILE, GOLD_FILE)]
    with ExitStack() as files:
        peers, ours, gold = (files.enter_context(path.open("w", encoding="utf-8")) for path in paths)
        for number, (messages, expected) in enumerate(conversations(count)):
            calls, wanted = calls_of(messages), calls_of(expected)
            row = {"messages": messages, "expected": expected, "calls": calls, "expected_calls": wanted}
            peers.write(json.dumps(row) + "\n")
            ours.write(json.dumps({"id": f"t{number}", "messages": messages}) + "\n")
            specs = [{"tool": tool, "args": arguments} for tool, arguments in wanted]
            gold.write(json.dumps({"trace": f"t{number}", "calls": specs}) + "\n")


def _modes(folder: Path) -> list[list[bool]]:
    """Bytes to graph to one match, and from it four verdicts, the classes, the alignment and the milestones."""
    import msgspec

    import traceeval
    from traceeval.graph import TraceGraph, build_views
    from traceeval.registry import Registry, Scorer

    scorers = Registry("traceeval.scorers", Scorer)
    match = scorers.get("planner.match").call
    beside = [scorers.get(name).call for name in ("planner.alignment", "planner.milestones", "tool.f1")]
    gold = {row.trace: row.reference for row in _gold(folder)}
    found = []
    for trace in traceeval.read([folder / OUR_FILE]):
        view = build_views(TraceGraph(msgspec.structs.replace(trace, reference=gold[trace.id]))).calls
        found.append([match(view, mode=mode).value == 1.0 for mode in MODES])
        for score in beside:
            score(view)
    return found


def _evaluate(folder: Path) -> list[list[bool]]:
    """Every default score, finding, blame and risk rule."""
    import traceeval

    traceeval.evaluate(traceeval.read([folder / OUR_FILE]), gold=_gold(folder))
    return []


def _gold(folder: Path) -> list[Gold]:
    return [row for row in read_gold(folder / GOLD_FILE) if isinstance(row, Gold)]


def _peer(name: str, folder: Path) -> Figures:
    """One round of a peer, in a process and a folder of its own; a key it asks for and never uses is made up."""
    quiet = {"OPENAI_API_KEY": "unused", "DEEPEVAL_TELEMETRY_OPT_OUT": "YES", "LANGSMITH_TRACING": "false"}
    command = [str(PEERS), str(ROOT / "benchmarks" / "_peers.py"), name, str(folder / PEER_FILE)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, env={**os.environ, **quiet})
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _timed(work: Callable[[], Any]) -> Figures:
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall, "verdicts": found}


def _summary(runs: Sequence[Figures], count: int) -> Figures:
    """Medians, spread and rate."""
    spent = sorted(run["cpu_s"] for run in runs)
    middle = median(spent)
    return {
        "cpu_s": round(middle, 4),
        "cpu_s_range": [round(spent[0], 4), round(spent[-1], 4)],
        "wall_s": round(median(run["wall_s"] for run in runs), 4),
        "per_cpu_s": round(count / middle, 1),
    }


def _equal(ours: Figures, peer: Figures, name: str) -> str:
    """Verdicts that agree, of all: mode by mode; deepeval has one, every expected call made."""
    mine = [row if name == "agentevals" else row[3:] for row in ours["verdicts"]]
    pairs = [
        (a, b) for left, right in zip(mine, peer["verdicts"], strict=True) for a, b in zip(left, right, strict=True)
    ]
    return f"{sum(a == b for a, b in pairs)} of {len(pairs)}"
