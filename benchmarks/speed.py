"""Speed: ``python benchmarks/speed.py NAME`` prints one JSON object. Timings inform; they never decide a test.

``evaluate``: generated native traces of 12 spans through the whole of ``traceeval evaluate``, files, report and queue
included, as a user's process would run it.

``judge``: samples through the judge driver against a local endpoint of known latency; peers' calls beside ours.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._judge import judge
from benchmarks._traces import make_traces


def measure(command: list[str]) -> dict[str, float]:
    """CPU and wall seconds and peak memory of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": round(cpu, 3), "wall_s": round(wall, 3), "rss_mb": round(after.ru_maxrss / 1024, 1)}


def evaluate(count: int, engine: str) -> dict[str, object]:
    """The whole command, at a quarter of the traces and at all of them: what grows with the input shows."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in (count // 4, count):
            path = Path(folder) / f"{number}.jsonl"
            with path.open("wb") as lines:
                for trace in make_traces(number):
                    lines.write(msgspec.json.encode(trace) + b"\n")
            out = str(Path(folder) / f"out-{number}")
            command = [
                sys.executable,
                "-m",
                "traceeval",
                "evaluate",
                str(path),
                "--out",
                out,
                "--engine",
                engine,
                "--quiet",
            ]
            figures[number] = measure(command)
    ours, quarter = figures[count], figures[count // 4]
    spent = ours["cpu_s"] - quarter["cpu_s"]
    return {
        "bench": "evaluate",
        "work": {"traces": count, "spans_per_trace": 12, "engine": engine, "cores": os.cpu_count()},
        "ours": {
            **ours,
            "traces_per_cpu_s": round(count / ours["cpu_s"], 1),
            "traces_per_cpu_s_without_start": round((count - count // 4) / spent, 1),
        },
        "quarter": {"traces": count // 4, **quarter},
        "ratio": {"rss_all_over_quarter": round(ours["rss_mb"] / quarter["rss_mb"], 3)},
        "peers": {},
        "floor": {},
    }


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=["evaluate", "judge"])
    parser.add_argument("--traces", type=int, default=20_000)
    parser.add_argument("--engine", choices=["serial", "pool"], default="serial")
    options = parser.parse_args()
    if options.name == "judge":
        print(json.dumps(judge(), indent=2))
        return
    print(json.dumps(evaluate(options.traces, options.engine), indent=2))


if __name__ == "__main__":
    main()
