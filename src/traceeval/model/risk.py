"""Why a person should look at a trace, and how urgently."""

from __future__ import annotations

from typing import Literal

from traceeval.model._value import Value
from traceeval.model.score import Evidence
from traceeval.model.trace import Basis


class RiskReason(Value, frozen=True):
    """One reason. ``weight`` is its log-odds contribution; ``floor`` a severity that always queues from 5 on.

    ``harm``: the part of the weight that is about what the agent did and not about its answer; None: all of it.
    """

    rule: str
    weight: float
    text: str
    findings: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    floor: int = 0
    basis: Basis = Basis.OBSERVED
    counterfactual: float | None = None
    harm: float | None = None


class Risk(Value, frozen=True):
    """The place of a trace in the queue: ``level`` 0..1, with the reasons that add up to it.

    ``floor``: the worst severity that overrides the level. ``calibration`` says whether the level is a probability;
    ``low``..``high`` is its 90 % interval. ``harm``: the level by what the agent did alone, its answer left aside.
    """

    trace: str
    level: float
    reasons: tuple[RiskReason, ...] = ()
    floor: int = 0
    low: float | None = None
    high: float | None = None
    harm: float | None = None
    calibration: Literal["shipped", "fitted", "uncalibrated"] = "uncalibrated"

    @property
    def decisive(self) -> RiskReason | None:
        """The reason without which the level would be lowest; None without reasons."""
        known = [reason for reason in self.reasons if reason.counterfactual is not None]
        return min(known, key=lambda reason: reason.counterfactual or 0.0, default=None)
