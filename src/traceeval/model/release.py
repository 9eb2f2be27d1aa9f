"""What a release rests on: ``release.yaml`` as people write it, and the decision that comes of it.

A layer is one kind of evidence. It holds only with evidence that is there, recent, of the version decided on, and past its
gate at the worse end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias

from traceeval.model._value import Value
from traceeval.model.gate import AttackLimit, GateLine, HatLimit, ReplayGate
from traceeval.model.trial import Level

RELEASE: Final = "traceeval.release/1"
LAYERS: Final = ("benchmarks", "scores", "judge", "people", "red_team", "regression")
"""Every layer a release rests on, in the order of reports."""
Answer: TypeAlias = Literal["release", "do not release", "not decidable"]
LayerState: TypeAlias = Literal["holds", "fails", "open", "waived"]
"""``open``: a gap in its evidence: nothing can be said. ``waived``: the policy says why it goes without."""
_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")
OF_REPLAYS: Final = ("pass_hat_k", "forbidden_hits", "attack_success", "infra_error_share", "sandbox")


class LayerGate(Value, frozen=True):
    """Limits at the worse end. The first five are those of a replay's ``gate.yaml``.

    ``fail_under``: score, outcome or figure -> what its worse bound must keep, as in ``--fail-under``; ``no_worse``: measure
    of a comparison -> what may be lost at its worst end. A comparison's other proven regressions fail the gate.
    """

    pass_hat_k: HatLimit | None = None
    forbidden_hits: int | None = None
    attack_success: AttackLimit | None = None
    infra_error_share: float | None = None
    sandbox: Level | None = None
    fail_under: Mapping[str, float] = {}
    no_worse: Mapping[str, float] = {}

    def __post_init__(self) -> None:
        if not self.limits:
            raise ValueError(f"an empty gate; give one of {', '.join(self.__struct_fields__)}")
        if wrong := [name for name, margin in self.no_worse.items() if margin < 0]:
            raise ValueError(f"no_worse: {wrong[0]}: a margin is 0 or more")

    @property
    def limits(self) -> frozenset[str]:
        """Those that it states."""
        return frozenset(name for name in self.__struct_fields__ if getattr(self, name) not in (None, {}))

    @property
    def replay(self) -> ReplayGate | None:
        """What a replay is held to; None: nothing of it."""
        given = {name: getattr(self, name) for name in OF_REPLAYS if getattr(self, name) is not None}
        return ReplayGate(**given) if given else None


class Layer(Value, frozen=True):
    """One layer of a policy. ``evidence``: folders, files, or a queue as ``URL#NAME``, from where the command runs.

    ``max_age_days``: older evidence decides nothing. ``min_coverage``: the share that must have been measured; ``min_n``:
    the traces of which a score must have a value, for its bounds tell what was missed and not what chance did.
    ``gate``: None only where the evidence is an admission, which is a gate of its own. ``waived``: why there is none of it.
    """

    evidence: str | tuple[str, ...] = ()
    max_age_days: float | None = None
    min_coverage: float = 0.95
    min_n: int = 30
    gate: LayerGate | None = None
    waived: str = ""

    def __post_init__(self) -> None:
        if self.waived:
            if self.evidence or self.gate is not None or self.max_age_days is not None:
                raise ValueError("waived, and evidence asked for too: choose one")
            return
        if not self.paths or not all(self.paths):
            raise ValueError("no evidence: name at least one path, or say under `waived` why there is none")
        if any(_PASSWORD.search(path) for path in self.paths):
            raise ValueError("evidence: a password in it would be handed over with the policy; leave it to PGPASSFILE")
        if self.max_age_days is None or not 0 < self.max_age_days < float("inf"):
            raise ValueError("max_age_days: say after how many days its evidence is too old, more than 0")
        if not 0 <= self.min_coverage <= 1:
            raise ValueError(f"min_coverage {self.min_coverage:g}: a share lies between 0 and 1")
        if self.min_n < 1:
            raise ValueError(f"min_n {self.min_n}: at least one trace")

    @property
    def paths(self) -> tuple[str, ...]:
        """Where its evidence lies."""
        return (self.evidence,) if isinstance(self.evidence, str) else self.evidence


class Layers(Value, frozen=True):
    """Every layer; one that is left out is a gap, never passed over."""

    benchmarks: Layer | None = None
    scores: Layer | None = None
    judge: Layer | None = None
    people: Layer | None = None
    red_team: Layer | None = None
    regression: Layer | None = None

    def __post_init__(self) -> None:
        given = {name: layer for name, layer in self if layer is not None}
        if given and all(layer.waived for layer in given.values()):
            raise ValueError("every layer is waived: a release rests on at least one")
        for name, layer in given.items():
            if layer.gate is None and not layer.waived and name != "judge":
                raise ValueError(f"{name} has no gate: evidence that nothing is asked of decides nothing")

    def __iter__(self) -> Iterator[tuple[str, Layer | None]]:
        """(name, layer), in the order of reports."""
        return ((name, getattr(self, name)) for name in LAYERS)


class ReleasePolicy(Value, frozen=True, rename={"api": "apiVersion"}):
    """``release.yaml``. ``version``: what evidence must say of the version it is about, e.g. ``release: "1.4.0"``.

    Names are those the evidence states: ``app release model prompt index`` of traces, ``agent agent_sha256`` of replays,
    ``judge judge_prompt rubric`` of a judge. Evidence must state at least one of them, and none otherwise.
    """

    api: Literal["traceeval/release.v1"]
    layers: Layers
    version: Mapping[str, str] = {}


class BenchmarkFigure(Value, frozen=True):
    """One figure of a benchmark with its 95 % interval; None: not known, and then no gate rests on it."""

    value: float
    low: float | None = None
    high: float | None = None
    better: Literal["higher", "lower"] = "higher"


class BenchmarkResult(Value, frozen=True):
    """What a benchmark run elsewhere found (``traceeval.benchmark/1``).

    ``created``: ISO 8601 with an offset; ``system``: what it states of the version; ``n``: of how many cases, ``scored`` of them.
    """

    schema_version: Literal["traceeval.benchmark/1"]
    benchmark: str
    created: str
    system: Mapping[str, str]
    n: int
    scored: int
    figures: Mapping[str, BenchmarkFigure]

    def __post_init__(self) -> None:
        if not 0 <= self.scored <= self.n:
            raise ValueError(f"scored {self.scored} of n {self.n}: from 0 to n")


class EvidenceRow(Value, frozen=True):
    """One piece of evidence a decision was taken on. ``file``: its copy below the decision, with ``sha256``.

    ``age_days`` at the time of the decision; None: it does not say when it was made. ``states``: what it says of its version.
    """

    path: str
    kind: str
    file: str
    sha256: str
    created: str
    age_days: float | None
    states: Mapping[str, tuple[str, ...]]
    coverage: float | None = None


class Standing(Value, frozen=True):
    """One layer as it stands. ``gaps``: why its evidence decides nothing, in words; ``lines``: its gate, limit by limit."""

    layer: str
    state: LayerState
    gaps: tuple[str, ...] = ()
    lines: tuple[GateLine, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    max_age_days: float | None = None
    min_coverage: float | None = None
    waived: str = ""

    @property
    def undecided(self) -> tuple[str, ...]:
        """Limits that could not be decided, and why."""
        return tuple(f"{line.name}: {line.why}" for line in self.lines if line.state == "undecided")


class ReleaseDecision(Value, frozen=True):
    """The answer, and every layer behind it. ``at``: for which moment ages were counted."""

    schema_version: Literal["traceeval.release/1"]
    answer: Answer
    at: str
    version: Mapping[str, str]
    layers: tuple[Standing, ...]
    policy_sha256: str
    traceeval: str

    @property
    def gaps(self) -> tuple[str, ...]:
        """``layer: why``, of every gap and every limit that could not be decided."""
        return tuple(f"{one.layer}: {gap}" for one in self.layers for gap in (*one.gaps, *one.undecided))

    @property
    def failures(self) -> tuple[str, ...]:
        """``layer: limit: why``, of every limit that does not hold."""
        return tuple(
            f"{one.layer}: {line.name}: {line.why}"
            for one in self.layers
            for line in one.lines
            if line.state == "failed"
        )
