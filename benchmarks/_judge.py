"""``speed.py judge``: samples through the judge driver against a local endpoint with a known latency.

``full_share``: share of the time between the first and the last request in which every slot was taken; ``used_share``:
mean share of slots taken. Both count what the endpoint sees, and the time it takes to see it: on a busy machine its own
threads wait. ``load``: processes that wanted a core meanwhile.

Calls of peers on the same samples are counted from their source, not measured: ragas 0.4.3 ``collections/faithfulness``
asks for statements, then for verdicts; deepeval ``metrics/faithfulness`` for claims, truths and verdicts, then a reason.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from pathlib import Path

from tests.judge._stub import Apart

from traceeval.judge import Ask, Cascade, Judges, JudgeSettings
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.judge.checkers.openai import openai
from traceeval.model import Checked, Passage

PLACES = "Oslo Turin Lyon Porto Ghent Basel Malmo Split".split()


def samples(count: int) -> list[Ask]:
    """Answers of eight claims, all of which their passage states."""
    texts = [" ".join(f"Order {n} left the {place} warehouse." for place in PLACES) for n in range(count)]
    return [Ask.supports(text, [Passage(id="p1", text=text)]) for text in texts]


def run(stub: Apart, settings: JudgeSettings, count: int, per_call: int) -> tuple[list[Checked], float]:
    """All samples through a cascade whose only judge is the endpoint; answers and wall seconds."""
    with Judges(settings) as judges:
        checker = openai(judges, model="stub", base_url=stub.url, per_call=per_call)
        cascade = Cascade(LexicalChecker(), [checker], judges, decides=False)
        start = time.perf_counter()
        answers = [future.result() for future in [cascade.begin(ask) for ask in samples(count)]]
        return answers, time.perf_counter() - start


def decided(answers: list[Checked]) -> int:
    """Claims with an outcome."""
    return sum(verdict.outcome == "supported" for checked in answers for verdict in checked.verdicts)


def judge(count: int = 200, latency: float = 0.2, concurrency: int = 8) -> dict[str, object]:
    """Batched and one claim a call, warm cache, and a server that fails three calls in ten."""
    result: dict[str, object] = {
        "bench": "judge",
        "work": {"samples": count, "claims": 8, "latency_s": latency, "concurrency": concurrency},
        "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, per_call, failing in (("ours", 8, 0.0), ("one_claim_a_call", 1, 0.0), ("failing_30", 8, 0.3)):
            settings = JudgeSettings(
                cache=str(Path(folder) / f"{name}.db"), concurrency=concurrency, backoff=0.05, tries=20
            )
            with Apart(latency=latency, failing=failing) as stub:
                answers, wall = run(stub, settings, count, per_call)
                seen = stub.counts(concurrency)
                calls = seen["calls"]
                warm, _ = run(stub, settings, count, per_call)
                ideal = math.ceil(calls / concurrency) * latency
                result[name] = {
                    **seen,
                    "claims_decided": decided(answers),
                    "claims_asked": 8 * count,
                    "wall_s": round(wall, 3),
                    "ideal_wall_s": round(ideal, 3),
                    "warm_calls": stub.counts(concurrency)["calls"] - calls,
                    "warm_claims_decided": decided(warm),
                }
    result["peers"] = {
        "ragas 0.4.3 faithfulness": {"calls": 2 * count, "source": "statements + verdicts; its splitting is a call"},
        "deepeval faithfulness": {"calls": 4 * count, "source": "claims + truths + verdicts, + reason (default on)"},
    }
    return result
