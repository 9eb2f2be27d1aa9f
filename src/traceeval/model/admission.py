"""Whether a judge may stand behind a gate: what was measured on labels of people, and every condition it misses."""

from __future__ import annotations

from typing import Final, Literal

from traceeval.model._value import Value
from traceeval.model.judge_report import Interval, Probe

ADMISSION: Final = "traceeval/judge-admission-1"


class Mapping(Value, frozen=True):
    """From a judge's mark to the probability that people fail it, fitted on the calibration split alone.

    ``p = sigmoid(a·(6s - 3) + b)`` with s = (5 - mark)/4; ``steps``: the same by isotonic regression, (mark, p). Brier and
    skill (against the base rate's) are on the test split.
    """

    a: float
    b: float
    steps: tuple[tuple[float, float], ...]
    n: int
    brier: float | None = None
    skill: float | None = None


class Admission(Value, frozen=True):
    """What ``traceeval judge admit`` found out about one judge, prompt, rubric and criterion.

    ``refusals``: the conditions it misses, each in words; with none it is ``admitted``, with any it may only triage.
    ``threshold``: marks up to it count as failed, chosen on the calibration split by the lower bounds of recall and
    precision. Everything else is on the test split, weighted by 1/pi. ``repeated``: blocks of labels that occur twice.
    ``waiver``: a lead's recorded reason to go without reliable agreement among people.
    """

    schema_version: Literal["traceeval/judge-admission-1"]
    judge: str
    prompt: str
    rubric: str
    criterion: str
    threshold: float | None
    kappa: Interval
    recall: Interval
    precision: Interval
    positives: int
    negatives: int
    families: int
    labels_sha256: str
    created: str
    refusals: tuple[str, ...] = ()
    probes: tuple[Probe, ...] = ()
    mapping: Mapping | None = None
    repeated: int = 0
    waiver: str = ""

    @property
    def admitted(self) -> bool:
        """Whether a gate may rest on it."""
        return not self.refusals
