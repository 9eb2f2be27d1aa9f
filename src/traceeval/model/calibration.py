"""What was learnt from people's labels about one checker on one system: two numbers, a band, and how far to trust them."""

from __future__ import annotations

from typing import Final, Literal

from traceeval.model._value import Value

CALIBRATION: Final = "traceeval/calibration-1"


class Covered(Value, frozen=True):
    """Accuracy on the claims that remain when a share is deferred, leave-one-out, with its Wilson interval."""

    deferred: float
    n: int
    accuracy: float | None
    low: float | None = None
    high: float | None = None


class Bin(Value, frozen=True):
    """One bin of the reliability curve: ``n`` claims said to be supported with ``mean`` probability, ``share`` were."""

    n: int
    mean: float
    share: float


class Calibration(Value, frozen=True):
    """``p = sigmoid(a·(6s − 3) + b)``; claims with ``|p − .5| < h`` are deferred (faithfulness.md section 7).

    ``state`` ``cannot_tell``: the labels do not support deciding anything, so everything is deferred. It holds for one
    (checker, language) and the ``systems`` its labels came from; None among them: not recorded. Accuracy outside the
    band, Brier, skill (Brier against the base rate's), reliability and risk-coverage are leave-one-out; ``ece`` is None
    under 50 labels. ``defer`` is a share of the ``unlabelled`` claims and those deferred ``by_rule`` (a veto, another
    language) together: the latter fill it first, ``h`` the rest.
    """

    schema_version: Literal["traceeval/calibration-1"]
    checker: str
    language: str
    a: float
    b: float
    h: float
    defer: float
    state: Literal["calibrated", "cannot_tell"]
    supported: int
    unsupported: int
    unlabelled: int
    labels_sha256: str
    created: str
    accuracy: float | None
    brier: float | None
    skill: float | None
    ece: float | None
    risk_coverage: tuple[Covered, ...]
    reliability: tuple[Bin, ...] = ()
    systems: tuple[str | None, ...] = (None,)
    by_rule: int = 0

    @property
    def overflow(self) -> float:
        """Claims deferred by rule beyond the asked share, 0 or more."""
        return max(0.0, self.by_rule - self.defer * (self.unlabelled + self.by_rule))

    @property
    def id(self) -> str:
        """What a verdict cites: the first characters of the labels' digest."""
        return self.labels_sha256[:12]

    @property
    def labels(self) -> int:
        """How many labels it rests on."""
        return self.supported + self.unsupported


class ClaimRow(Value, frozen=True):
    """One line of ``claims.jsonl``: a claim of an answer, what was said of it, and the evidence. ``support``: 0..1."""

    claim: str
    trace: str
    text: str
    evidence: tuple[str, ...]
    outcome: str
    support: float | None
    p: float | None
    codes: tuple[str, ...]
    by: str
    calibration: str | None = None
    language: str | None = None
    system: str | None = None
