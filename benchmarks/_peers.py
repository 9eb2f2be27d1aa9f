"""Peers' matchers over conversations in a file, run by the interpreter of their own environment (``make bench-setup``).

``python _peers.py agentevals|deepeval FILE`` prints ``{"cpu_s", "wall_s", "verdicts"}``: the work alone, without imports.
Every line of the file is ``{"messages": [...], "expected": [...], "calls": [...], "expected_calls": [...]}``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MODES = ("strict", "unordered", "subset", "superset")


def agentevals() -> Callable[[dict[str, Any]], list[bool]]:
    """Four evaluators, one a mode, with their default comparison of arguments."""
    from agentevals.trajectory.match import create_trajectory_match_evaluator

    made = [create_trajectory_match_evaluator(trajectory_match_mode=mode) for mode in MODES]
    return lambda row: [bool(one(outputs=row["messages"], reference_outputs=row["expected"])["score"]) for one in made]


def deepeval() -> Callable[[dict[str, Any]], list[bool]]:
    """The deterministic tool metric with arguments compared; it wants a key, which nothing uses."""
    from deepeval.metrics import ToolCorrectnessMetric
    from deepeval.test_case import LLMTestCase, ToolCall, ToolCallParams

    metric = ToolCorrectnessMetric(
        evaluation_params=[ToolCallParams.INPUT_PARAMETERS], include_reason=False, async_mode=False
    )

    def tools(calls: list[Any]) -> list[Any]:
        return [ToolCall(name=name, input_parameters=arguments) for name, arguments in calls]

    def judge(row: dict[str, Any]) -> list[bool]:
        case = LLMTestCase(
            input="refund",
            actual_output="done",
            tools_called=tools(row["calls"]),
            expected_tools=tools(row["expected_calls"]),
        )
        return [metric.measure(case, _show_indicator=False) >= 1.0]

    return judge


def main() -> None:
    """Read everything, then measure."""
    judge = {"agentevals": agentevals, "deepeval": deepeval}[sys.argv[1]]()
    rows = [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
    judge(rows[0])
    cpu, wall = time.process_time(), time.perf_counter()
    verdicts = [judge(row) for row in rows]
    spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    print(json.dumps({**spent, "verdicts": verdicts}))


if __name__ == "__main__":
    main()
