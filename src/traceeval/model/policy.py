"""The numbers a team may argue about: what passes, what weighs how much, what is queued (``risk/policy.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Value


class Threshold(Value, frozen=True):
    """``scorer op value``: a component passes when every one of its thresholds with a scored value holds."""

    scorer: str
    op: Literal[">=", "<=", ">", "<"]
    value: float

    def holds(self, value: float) -> bool:
        """Whether a scored value passes."""
        return {">=": value >= self.value, "<=": value <= self.value, ">": value > self.value, "<": value < self.value}[
            self.op
        ]


class RiskFit(Value, frozen=True):
    """How decisions of people turned log-odds into a probability: ``p = sigmoid(slope · log-odds + shift)``, slope >= 0.

    ``labels``, ``confirmed``: decisions it rests on, and those that confirmed harm or a breach. ``rules`` and
    ``intercept``: weights relearned from many of them; empty and None: the policy's own. ``draws``: (slope, shift) of
    resamples of scenario families, for the interval. ``sha256``: of the decisions.
    """

    labels: int
    confirmed: int
    slope: float
    shift: float
    rules: Mapping[str, float] = {}
    intercept: float | None = None
    draws: tuple[tuple[float, float], ...] = ()
    sha256: str = ""


class Peers(Value, frozen=True):
    """When the other traces of a run tell that one is out of the ordinary.

    ``scenario``: other traces of the same scenario it takes; ``suite``: other traces of the same application, or other
    values. ``z``: robust spreads from their middle; ``share``: of the others that may show the same.
    """

    scenario: int = 5
    suite: int = 20
    z: float = 3.5
    share: float = 0.02


class Policy(Value, frozen=True):
    """Every number of the policy file.

    ``passes``: component -> thresholds. ``outcome``: the end result passes when the first of these with a scored value
    holds. ``severity_weights``: severity 1..5 -> weight of one finding. ``rules``: risk rule -> log-odds weight.
    ``intercept``: log-odds of a trace without reasons. ``queue_level``: traces at or over it are queued;
    ``queue_floor``: so is every finding of that severity; ``person``: risk rules that queue a trace whatever its level;
    ``random_share`` of the rest keeps estimates unbiased.
    ``budget``: quantity -> most that one trace may spend. ``peers``: when other traces tell.
    ``protocol``: what a message may hold; all of it unless said.
    ``spread``: standard deviation of a shipped weight, in log-odds; ``fit``: what decisions of people made of the level.
    ``slice_rate``: share of false alarms among the slices called worse; ``slice_smallest``: cases a slice must have.
    """

    passes: Mapping[str, tuple[Threshold, ...]] = {}
    outcome: tuple[Threshold, ...] = ()
    severity_weights: Mapping[str, float] = {}
    rules: Mapping[str, float] = {}
    intercept: float = -3.0
    queue_level: float = 0.5
    queue_floor: int = 5
    person: tuple[str, ...] = ()
    random_share: float = 0.1
    spread: float = 0.5
    fit: RiskFit | None = None
    double_from: int = 4
    fail_from: int = 3
    slice_rate: float = 0.05
    slice_smallest: int = 10
    unknown_prices: Literal["failed"] = "failed"
    prices: Mapping[str, tuple[float, float]] = {}
    peers: Peers = Peers()
    budget: Mapping[Literal["steps", "tokens", "cost", "seconds"], float] = {}
    protocol: Mapping[Literal["text_beside_calls", "parallel_calls"], bool] = {}
