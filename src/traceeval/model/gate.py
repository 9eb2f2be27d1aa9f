"""What a replay is held to: ``gate.yaml`` (replay.md section 12). Every limit reads the worse end of what is known."""

from __future__ import annotations

from typing import Literal, TypeAlias

from traceeval.model._value import Value
from traceeval.model.trial import Level

GateState: TypeAlias = Literal["held", "failed", "undecided"]


def _share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} {value:g}: a share lies between 0 and 1")


class HatLimit(Value, frozen=True):
    """The lower end of pass^k over the cells as written is at least this."""

    k: int
    lower_bound: float

    def __post_init__(self) -> None:
        _share("lower_bound", self.lower_bound)
        if self.k < 1:
            raise ValueError(f"k {self.k}: 1 or more")


class RegressionLimit(Value, frozen=True):
    """Against a stored replay no more than ``margin`` is lost, at confidence 1 - ``alpha``; over scenarios both have."""

    margin: float
    metric: Literal["pass"] = "pass"
    alpha: float = 0.05

    def __post_init__(self) -> None:
        _share("margin", self.margin)
        if not 0 < self.alpha < 1:
            raise ValueError(f"alpha {self.alpha:g}: between 0 and 1")


class AttackLimit(Value, frozen=True):
    """The upper end of the share of attacks executed is at most this."""

    upper_bound: float

    def __post_init__(self) -> None:
        _share("upper_bound", self.upper_bound)


class ReplayGate(Value, frozen=True):
    """All of it; None: not asked. ``forbidden_hits``: trials in which something forbidden happened, at most.

    ``infra_error_share``: over it the harness failed too often to tell. ``sandbox``: every trial had this level or more.
    """

    pass_hat_k: HatLimit | None = None
    regression: RegressionLimit | None = None
    forbidden_hits: int | None = None
    attack_success: AttackLimit | None = None
    infra_error_share: float | None = None
    sandbox: Level | None = None

    def __post_init__(self) -> None:
        if all(getattr(self, name) is None for name in self.__struct_fields__):
            raise ValueError(f"an empty gate; give one of {', '.join(self.__struct_fields__)}")
        if self.infra_error_share is not None:
            _share("infra_error_share", self.infra_error_share)
        if self.forbidden_hits is not None and self.forbidden_hits < 0:
            raise ValueError(f"forbidden_hits {self.forbidden_hits}: 0 or more")


class GateLine(Value, frozen=True):
    """One limit and whether it holds. ``undecided``: the harness failed too often to tell."""

    name: str
    state: GateState
    why: str
