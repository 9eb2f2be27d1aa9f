"""What experiments with single trials find: whether a pass was luck, and the least that still fails."""

from __future__ import annotations

from typing import Literal

from traceeval.model._value import Value
from traceeval.model.scenario import Scenario
from traceeval.model.trial import Cell


class Survival(Value, frozen=True):
    """A passing trial under small changes of one kind that mean nothing. ``words``: of the user; ``chance``: seeds, slow tools.

    ``rate`` with its Wilson interval is over judged reruns; None without one. ``broke``: the changes it did not survive.
    """

    kind: Literal["words", "chance"]
    survived: int
    judged: int
    rate: float | None
    low: float | None
    high: float | None
    broke: tuple[str, ...] = ()


class Luck(Value, frozen=True):
    """Whether a pass was luck: fewer than half of the changes of either kind are survived; None: no rerun could be judged."""

    trial: str
    lucky: bool | None
    kinds: tuple[Survival, ...]


class Shrunk(Value, frozen=True):
    """The least of a failing trial that fails the same way. ``scenario``, ``cell``, ``seed``: how to run it.

    ``trials``: run on the way; ``spent``: they ran out before nothing more could be left out. ``same`` of ``replays``:
    reruns of what is left that came to the same verdict.
    """

    scenario: Scenario
    cell: Cell
    seed: int
    trials: int
    spent: bool
    same: int
    replays: int
    why: str = ""
