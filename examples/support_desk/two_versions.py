"""Two versions of the desk on the same conversations: ``python -m examples.support_desk.two_versions DIR VERSION``.

Version 1.1.0 is worse in two ways that no end result shows: its reranker puts the document that answers last of those it
keeps, and its instructions grew. Its answers are those of 1.0.0.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from examples.support_desk.app import INSTRUCTIONS
from examples.support_desk.make_traces import instrumented, run
from examples.support_desk.scenarios import Scenario, scenarios

TIMES = ("startTimeUnixNano", "endTimeUnixNano")
BEGUN = 1_767_225_600_000_000_000  # the first of January 2026
VERSIONS = ("1.0.0", "1.1.0")
STYLE = (
    " Be friendly and brief. Greet the customer only once. Never promise what the documents do not promise. Write numbers as"
    " digits. Prefer short sentences. Do not repeat the question. Name the document that you rely on when the customer asks for"
    " it. Do not give legal advice. Offer a colleague when you cannot help. Close politely, without a signature."
)


def worse(scenario: Scenario) -> Scenario:
    """The same conversation with a reranker that puts what answers it last."""
    wanted = frozenset(scenario.gold.get("documents", {}))
    return replace(scenario, switches=replace(scenario.switches, demoted=wanted))


def steady(request: dict[str, Any]) -> dict[str, Any]:
    """The same request by a clock that ticks a millisecond at every event: how busy this machine was is no difference."""
    spans = [span for part in request["resourceSpans"] for scope in part["scopeSpans"] for span in scope["spans"]]
    moments = sorted({int(span[key]) for span in spans for key in TIMES})
    ticks = {moment: BEGUN + 1_000_000 * at for at, moment in enumerate(moments)}
    for span in spans:
        span.update({key: str(ticks[int(span[key])]) for key in TIMES})
    return request


def main(folder: Path, version: str) -> None:
    """Write the traces of one version, and their gold."""
    collector = instrumented(version, 20261128)
    newer = version == VERSIONS[1]
    clean = [scenario for scenario in scenarios() if scenario.fault is None]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "traces.otlp.jsonl").open("w") as traces, (folder / "gold.jsonl").open("w") as gold:
        for scenario in clean:
            trace, request = run(
                worse(scenario) if newer else scenario,
                collector,
                instructions=INSTRUCTIONS + (STYLE if newer else ""),
            )
            traces.write(json.dumps(steady(request), ensure_ascii=False) + "\n")
            gold.write(json.dumps({"trace": trace, **scenario.gold}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
