"""Speed: ``python benchmarks/speed.py NAME`` prints one JSON object. Timings inform; they never decide a test.

``evaluate``: generated native traces of 12 spans through the whole of ``traceeval evaluate``, files, report and queue
included, as a user's process would run it.

``faithfulness``: claims through the embedded checker against five passages each, beside ROUGE-L of the same pairs.

``trajectories``: conversations of 20 messages through all rules, and through our matchers beside agentevals' and
deepeval's (``make bench-setup``).

``agreement``: Krippendorff's alpha of 10,000 units and five raters, beside the package krippendorff.

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
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._alpha import agreement
from benchmarks._judge import judge
from benchmarks._matchers import trajectories
from benchmarks._traces import make_traces

PASSAGES, WORDS = 5, 126  # a prompt of 630 words, as in the figures of the specification


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


def faithfulness() -> dict[str, object]:
    """Claims a CPU second against five passages each, beside rouge-score's ROUGE-L of the same claims and passages.

    A prompt is taken apart once for all claims of its answer, so the number of claims matters: one trace's answer of one
    or two claims, and answers put together from four traces.
    """
    settings = {f"{answers} answers joined": _faithfulness(answers) for answers in (1, 4)}
    return {
        "bench": "faithfulness",
        "work": {"passages": PASSAGES, "words_per_passage": WORDS, "settings": list(settings)},
        "ours": {name: one["ours"] for name, one in settings.items()},
        "peers": {"rouge-score ROUGE-L": {name: one["rouge"] for name, one in settings.items()}},
        "ratio": {name: round(one["ours"] / one["rouge"], 2) for name, one in settings.items()},
        "floor": {},
    }


def _faithfulness(answers: int, seconds: float = 4.0) -> dict[str, float]:
    """Claims a CPU second of ours and of ROUGE-L, and claims an answer."""
    from rouge_score.rouge_scorer import RougeScorer

    from traceeval.judge import Ask
    from traceeval.judge.checkers.lexical import LexicalChecker
    from traceeval.model import Passage

    samples = list(_samples(answers))
    checker, rouge = LexicalChecker(), RougeScorer(["rougeL"], use_stemmer=True)

    def ours(answer: str, texts: list[str]) -> int:
        passages = tuple(Passage(id=str(n), text=text) for n, text in enumerate(texts))
        return len(checker.check(Ask.supports(answer, passages)).verdicts)

    def theirs(answer: str, texts: list[str]) -> int:
        claims = checker.check(Ask.supports(answer, ())).verdicts
        for verdict in claims:
            for text in texts:
                rouge.score(text, verdict.claim.text)
        return len(claims)

    return _rates({"ours": ours, "rouge": theirs}, samples, seconds)


def _samples(answers: int) -> Iterator[tuple[str, list[str]]]:
    """(answer, passages): chunks of several traces put together to the length of real ones; no passage comes twice."""
    from traceeval.model import Retrieval

    chunks: list[str] = []
    said: list[str] = []
    for trace in make_traces(20_000):
        found = [span.body.hits or () for span in trace.spans if isinstance(span.body, Retrieval)]
        chunks += [hit.text for hits in found for hit in hits if isinstance(hit.text, str)]
        said += [trace.answer] if isinstance(trace.answer, str) else []
        if len(said) >= answers and sum(len(text.split()) for text in chunks) >= PASSAGES * WORDS:
            yield " ".join(said[-answers:]), [" ".join(chunks[n::PASSAGES]) for n in range(PASSAGES)]
            chunks, said = [], []


Work = Callable[[str, list[str]], int]
ROUNDS = 8


def _rates(works: dict[str, Work], samples: list[tuple[str, list[str]]], seconds: float) -> dict[str, float]:
    """Claims a CPU second of each, by turns, so that whatever else the machine does falls on all of them."""
    claims, used, spent = dict.fromkeys(works, 0), dict.fromkeys(works, 0), dict.fromkeys(works, 0.0)
    for round_ in range(1, ROUNDS + 1):
        for name, work in works.items():
            start = time.process_time()
            while spent[name] + time.process_time() - start < seconds * round_ / ROUNDS and used[name] < len(samples):
                claims[name] += work(*samples[used[name]])
                used[name] += 1
            spent[name] += time.process_time() - start
    return {name: round(claims[name] / spent[name], 1) for name in works}


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=["agreement", "evaluate", "faithfulness", "judge", "trajectories"])
    parser.add_argument("--traces", type=int, help="default: 20,000; 1,000 for trajectories")
    parser.add_argument("--rounds", type=int, default=5, help="of agreement and trajectories")
    parser.add_argument("--engine", choices=["serial", "pool"], default="serial")
    options = parser.parse_args()
    benches: dict[str, Callable[[], dict[str, object]]] = {
        "agreement": lambda: agreement(options.rounds),
        "evaluate": lambda: evaluate(options.traces or 20_000, options.engine),
        "faithfulness": faithfulness,
        "judge": judge,
        "trajectories": lambda: trajectories(options.traces or 1_000, options.rounds),
    }
    print(json.dumps(benches[options.name](), indent=2))


if __name__ == "__main__":
    main()
