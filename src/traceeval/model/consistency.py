"""Whether an agent does the same for the same request told otherwise, as ``traceeval consistency --json`` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from traceeval.model._value import Value
from traceeval.model.replayed import CellTable, Reliable

CONSISTENCY: Final = "traceeval.consistency/1"
Sameness: TypeAlias = Literal["result", "state", "answer", "assertions"]
"""By what two trials are the same: passed or not; the final state's difference; the values the answer states; what held."""


class WordingRow(Value, frozen=True):
    """One wording of a scenario; None: as written. ``passes`` of ``judged`` trials, with Wilson's interval.

    ``agrees``: the chance that a trial of it and one of another wording came out the same. ``p``: of an agreement as low if
    wording did not matter, corrected for the number of wordings; ``departs``: it is named as one that matters.
    """

    wording: str | None
    trials: int
    passes: int
    judged: int
    low: float | None
    high: float | None
    agrees: float
    p: float
    departs: bool = False


class ParaphraseGroup(Value, frozen=True):
    """One scenario in all its wordings. ``effect``: ``within`` less ``between``, above 0 where wording matters.

    ``between``: the chance that trials of two wordings came out the same, the consistency; ``within``: that of two trials
    of one wording, the agent's own noise; None without repeats, and then so is ``effect``. ``p``: of wordings as unlike if
    wording did not matter, corrected for all scenarios (Holm); ``differs``: it is under .05.
    """

    scenario: str
    wordings: tuple[WordingRow, ...]
    between: float
    p: float
    within: float | None = None
    effect: float | None = None
    differs: bool = False


class ScenarioMean(Value, frozen=True):
    """A mean over ``n`` scenarios with its 95 % interval, by a bootstrap over them, or Wilson's where all say the same."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    by: str | None = None


class ConsistencyTable(Value, frozen=True):
    """One way to call two trials the same, over scenarios. ``effect`` rests on those with repeats."""

    by: Sameness
    groups: tuple[ParaphraseGroup, ...]
    between: ScenarioMean
    within: ScenarioMean
    effect: ScenarioMean


class ConsistencyReport(Value, frozen=True):
    """One or several replays of one agent. ``left_out``: why -> trials that say nothing.

    ``reliable``: pass^k and pass@k as written and told otherwise; ``across``: pass^k with a wording for a trial: the chance
    that k different wordings of a scenario all pass.
    """

    schema_version: Literal["traceeval.consistency/1"]
    suite: str
    agent: str
    replays: tuple[str, ...]
    trials: int
    left_out: Mapping[str, int]
    tables: tuple[ConsistencyTable, ...]
    reliable: tuple[CellTable, ...]
    across: tuple[Reliable, ...] = ()
