"""What an agent is asked to do: the file ``traceeval/scenario.v1`` (``traceeval scenario schema`` prints its form).

Values only; None means "nobody said".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Json, Value, one_of
from traceeval.model.assertions import Assertions, CallPattern
from traceeval.model.disturbance import Injection, PlannedFault, UserAttack
from traceeval.model.user import Turn, User

SCENARIO_VERSION = "traceeval/scenario.v1"
SUITE_VERSION = "traceeval/suite.v1"


class Meta(Value, frozen=True):
    """What people know of a scenario. ``canary``: a text that stands nowhere else: who repeats it has read this file."""

    tags: tuple[str, ...] = ()
    owner: str | None = None
    source: str | None = None
    canary: str | None = None
    note: str | None = None
    language: str | None = None


MOST_TRIALS = 10_000
_MOST = {
    "steps": 100_000,
    "calls": 100_000,
    "tokens": 10**9,
    "cost_usd": 10_000,
    "wall_s": 86_400,
    "memory_mb": 1_000_000,
    "output_mb": 1_000,
}


class Budget(Value, frozen=True):
    """The most one trial may use; beyond it is stopped and fails. ``wall_s``: real seconds; the rest is counted."""

    steps: int = 100
    calls: int = 100
    tokens: int | None = None
    cost_usd: float | None = None
    wall_s: float = 120.0
    memory_mb: int = 2048
    output_mb: float = 8.0

    def __post_init__(self) -> None:
        for name, most in _MOST.items():
            used = getattr(self, name)
            if used is not None and not 0 < used <= most:
                raise ValueError(f"budget: {name} {used}; it is more than 0 and at most {most}")


class Agent(Value, frozen=True):
    """Which agent a scenario is for (``ref``: a word of the suite's owner), and what it may use."""

    ref: str = "default"
    budget: Budget = Budget()


class Trials(Value, frozen=True):
    """How often each cell runs. ``stop_early``: only ``none``: a sample that ends when it fails is biased."""

    n: int = 8
    seeds: tuple[int, ...] | None = None
    stop_early: Literal["none"] = "none"

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MOST_TRIALS:
            raise ValueError(f"trials: n {self.n}; it is 1 to {MOST_TRIALS}")
        if self.seeds is not None and len(set(self.seeds)) != len(self.seeds):
            raise ValueError(f"trials: seeds {self.seeds}; no seed stands twice")
        if self.seeds is not None and len(self.seeds) < self.n:
            raise ValueError(f"trials: {self.n} trials and {len(self.seeds)} seeds; give one seed a trial")

    @property
    def first_seeds(self) -> tuple[int, ...]:
        """One seed a trial; 1, 2, ... unless said."""
        return self.seeds[: self.n] if self.seeds is not None else tuple(range(1, self.n + 1))


class Matrix(Value, frozen=True):
    """``star``: the base cell, then one axis at a time; ``cross``: every combination."""

    mode: Literal["star", "cross"] = "star"


class StateSource(Value, frozen=True):
    """Where a trial's state comes from: a JSON file of the suite, or ``value``; then patched (RFC 6902)."""

    file: str | None = None
    value: Json = None
    patch: tuple[Mapping[str, Json], ...] = ()


class Cassette(Value, frozen=True):
    """A recording of calls. ``volatile``: argument paths that do not count. ``record`` needs live tools."""

    file: str
    match: tuple[Literal["tool", "canonical_args"], ...] = ("tool", "canonical_args")
    on_miss: Literal["fail"] = "fail"
    volatile: tuple[str, ...] = ()
    record: Literal["never", "missing", "all"] = "never"


class Tools(Value, frozen=True):
    """How calls are answered. ``module``: ``file:function`` of the suite; ``command``: of an MCP server.

    ``allow``: live tools that may be called; those that change the world only with ``allow_writes``.
    """

    mode: Literal["stateful", "cassette", "live"] = "stateful"
    module: str | None = None
    command: tuple[str, ...] | None = None
    state: StateSource | None = None
    annotations: str | None = None
    cassette: Cassette | None = None
    allow: tuple[str, ...] = ()
    allow_writes: bool = False

    def __post_init__(self) -> None:
        if self.mode == "cassette" and self.cassette is None:
            raise ValueError("mode cassette needs `cassette: {file: ...}`")
        if self.mode != "cassette":
            one_of(self, "module", "command")
        if self.mode == "live" and not self.allow:
            raise ValueError("mode live needs `allow`: the tools that may really be called")
        if self.cassette is not None and self.cassette.record != "never" and self.mode != "live":
            raise ValueError(f"cassette.record: {self.cassette.record} needs `mode: live` and its allow-list")


class Step(Value, frozen=True):
    """One step of the reference solution: calls that go out together, or words to the user."""

    call: CallPattern | None = None
    calls: tuple[CallPattern, ...] | None = None
    say: str | None = None

    def __post_init__(self) -> None:
        one_of(self, "call", "calls", "say")


class Variant(Value, frozen=True):
    """The same scenario told otherwise: user turns (counted from 1) with other words.

    ``operator``: what made it. ``preserving``: it means the same; if not, ``assertions`` say what is expected of it.
    ``added``: turns that come after the turn of that number. ``attack``: the user is after something beside their task;
    what the scenario asserts is then the task, and what came of the attack is told apart.
    """

    id: str
    turns: Mapping[str, str] = {}
    added: Mapping[str, tuple[Turn, ...]] = {}
    operator: str = "paraphrase"
    preserving: bool = True
    assertions: Assertions | None = None
    attack: UserAttack | None = None

    def __post_init__(self) -> None:
        if not self.preserving and self.assertions is None:
            raise ValueError(f"variant {self.id}: it means something else, so it needs `assertions` of its own")


class ReportPlan(Value, frozen=True):
    """What every report of the suite shows."""

    baselines: tuple[Literal["noop", "random", "reference"], ...] = ("noop", "random", "reference")
    ci: tuple[Literal["wilson", "cluster_bootstrap"], ...] = ("wilson", "cluster_bootstrap")


class Scenario(Value, frozen=True, rename={"version": "apiVersion"}):
    """One scenario, as people write it."""

    version: Literal["traceeval/scenario.v1"]
    id: str
    user: User
    tools: Tools
    assertions: Assertions
    meta: Meta = Meta()
    agent: Agent = Agent()
    trials: Trials = Trials()
    matrix: Matrix = Matrix()
    variants: tuple[Variant, ...] = ()
    faults: tuple[PlannedFault, ...] = ()
    injections: tuple[Injection, ...] = ()
    solution: tuple[Step, ...] = ()
    report: ReportPlan = ReportPlan()


class SuiteFile(Value, frozen=True, rename={"api": "apiVersion"}):
    """``suite.yaml``: what all scenarios of a folder share. ``defaults``: top-level keys of a scenario they leave out."""

    api: Literal["traceeval/suite.v1"]
    id: str
    version: str
    tools: str = "tools.yaml"
    defaults: Mapping[str, Json] = {}
