"""Where a failed run went wrong: a short list of steps with reasons, never one culprit as fact."""

from __future__ import annotations

from typing import Literal

from traceeval.model._value import Value
from traceeval.model.score import Evidence


class StepSuspect(Value, frozen=True):
    """A step that may have decided the failure. ``share``: 0..1, the ranker's probability among all steps.

    ``agent`` None: the trace names no agents. ``reasons`` are codes with words; ``findings`` are codes of findings on
    the span.
    """

    span: str
    step: int
    agent: str | None
    share: float
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[str, ...] = ()


class Attribution(Value, frozen=True):
    """At most three suspects, the likeliest first; without any, ``abstained`` says why, as ``"code: text"``.

    ``agent``: the agent with the largest share over all its steps. ``basis``: ``observed`` until a replay confirms it.
    """

    trace: str
    suspects: tuple[StepSuspect, ...] = ()
    agent: str | None = None
    agent_share: float | None = None
    abstained: str = ""
    basis: Literal["observed", "counterfactual"] = "observed"
