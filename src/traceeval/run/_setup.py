"""What to run, in a form that travels to a worker; and the plug-ins it stands for, once they are loaded there."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from traceeval.diagnose import weaker_than
from traceeval.graph import Dossier, PolicyRule, ToolBook, Usual, load_rules
from traceeval.judge import Desk, Judges, JudgeSettings, Reader
from traceeval.model import Calibration, Policy, ToolSpec
from traceeval.registry import Diagnosis, Registry, RiskRule, Scorer
from traceeval.run._checkers import FIRST, open_checkers
from traceeval.run._replay import Again

SCORERS = Registry("traceeval.scorers", Scorer)
DIAGNOSES = Registry("traceeval.diagnose", Diagnosis)
RULES = Registry("traceeval.risk", RiskRule)
POLICY = "guard.policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Names and values only. ``scorers`` empty: all that run by default. ``mismatch``: document ids of gold and traces differ.

    ``by``: fields the run is sliced by. ``rules``: Python files of policy rules. ``budget``: how many traces people see,
    drawn by interest; None: what the policy's levels say. ``usual``: what the traces of the run look like; None: unknown.
    """

    policy: Policy
    tools: tuple[ToolSpec, ...] = ()
    scorers: tuple[str, ...] = ()
    mismatch: bool = False
    seed: str = "0"
    checkers: tuple[str, ...] = ()
    calibration: Calibration | None = None
    judge: JudgeSettings = field(default_factory=JudgeSettings)
    by: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    budget: int | None = None
    usual: Usual | None = None

    @property
    def judged(self) -> bool:
        """Whether anybody but the embedded checker is asked: then one process asks, and asks ahead."""
        return any(text.partition(":")[0].strip() != FIRST for text in self.checkers)

    def load(self, judges: Judges | None = None) -> Kit:
        """Import every plug-in this stands for. ``judges``: opened by the caller, who closes them."""
        names = self.scorers or tuple(scorer.name for scorer in SCORERS.all() if scorer.default)
        return Kit(
            setup=self,
            scorers=tuple(Runner.of(name) for name in names),
            diagnoses=tuple(_diagnoses(self.rules)),
            rules=tuple(RULES.all()),
            checker=open_checkers(self.checkers, judges or Judges(self.judge), self.calibration),
        )


def _diagnoses(files: tuple[str, ...]) -> Iterator[Diagnosis]:
    """Every finding rule; and each policy rule as one of its own, so that a rule that raises costs nobody else's findings."""
    for diagnosis in DIAGNOSES.all():
        if diagnosis.name == POLICY:
            yield from (_with_rule(diagnosis, rule) for rule in load_rules(files))
        else:
            yield diagnosis


def _with_rule(diagnosis: Diagnosis, rule: PolicyRule) -> Diagnosis:
    def call(dossier: Dossier) -> Any:
        return diagnosis.call(replace(dossier, rules=(rule,)))

    return replace(diagnosis, name=f"{diagnosis.name}({rule.id})", severity=rule.severity, call=call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """A scorer with its parameters; ``name`` is how it was written, and ``asks`` whether it asks a checker.

    ``call``: the scorer with its parameters, of a view alone.
    """

    name: str
    scorer: Scorer
    options: Mapping[str, Any]
    asks: bool
    call: Callable[[Any], Any] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Bind the parameters."""
        object.__setattr__(
            self, "call", partial(self.scorer.call, **self.options) if self.options else self.scorer.call
        )

    @classmethod
    def of(cls, text: str) -> Runner:
        """Look the scorer up, and look once whether its function is a generator."""
        scorer, options = SCORERS.configured(text)
        return cls(name=text, scorer=scorer, options=options, asks=inspect.isgeneratorfunction(scorer.call))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """Everything one worker needs, loaded."""

    setup: Setup
    scorers: tuple[Runner, ...]
    diagnoses: tuple[Diagnosis, ...]
    rules: tuple[RiskRule, ...]
    checker: Reader
    again: Again | None = None
    desk: Desk = field(init=False)
    declared: dict[str, ToolSpec] = field(init=False)
    weaker: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Open the desk, index the tools and what subsumes what."""
        object.__setattr__(self, "desk", Desk(self.checker))
        object.__setattr__(self, "declared", {spec.name: spec for spec in self.setup.tools})
        object.__setattr__(self, "weaker", weaker_than(self.diagnoses))

    @property
    def policy(self) -> Policy:
        """The numbers a team may argue about."""
        return self.setup.policy

    def book(self) -> ToolBook:
        """A fresh tool book: what is inferred from one trace says nothing of the next."""
        return ToolBook(self.declared)
