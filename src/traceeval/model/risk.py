"""Why a person should look at a trace, and how urgently."""

from __future__ import annotations

from typing import Literal

from traceeval.model._value import Value
from traceeval.model.score import Evidence
from traceeval.model.trace import Basis


class RiskReason(Value, frozen=True):
    """One reason. ``weight`` is its log-odds contribution; ``floor`` a severity that always queues from 5 on."""

    rule: str
    weight: float
    text: str
    findings: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    floor: int = 0
    basis: Basis = Basis.OBSERVED
    counterfactual: float | None = None


class Risk(Value, frozen=True):
    """The place of a trace in the queue: ``level`` 0..1, with the reasons that add up to it.

    ``floor``: the worst severity that overrides the level. ``calibration`` says whether the level is a probability.
    """

    trace: str
    level: float
    reasons: tuple[RiskReason, ...] = ()
    floor: int = 0
    low: float | None = None
    high: float | None = None
    calibration: Literal["shipped", "fitted", "uncalibrated"] = "uncalibrated"
