"""How far an application's stated confidence can be believed, as ``traceeval confidence --json`` prints it."""

from __future__ import annotations

from typing import Final, Literal

from traceeval.model._value import Value
from traceeval.model.calibration import Bin

CONFIDENCE: Final = "traceeval.confidence/1"


class ConfidenceFigures(Value, frozen=True):
    """All answers whose confidence was stated one way: as a ``number`` or by a ``hedge``; the two are never mixed.

    ``n``: answers whose end result is known. None: undefined for them; ``ece`` under 50 answers, ``skill`` and ``auroc``
    with one kind of outcome only, the parts of Brier under two bins.

    ``verdict``: ``overconfident`` or ``underconfident`` where the mean is off, ``uneven`` where only parts of the scale are,
    each at the 1 % level if what was said were true; ``believable``: neither is shown; None under 50 answers. ``p``: the lesser
    chance of the two, doubled.
    """

    by: Literal["number", "hedge"]
    n: int
    mean: float | None
    right: float | None
    brier: float | None
    skill: float | None
    overconfidence: float | None
    ece: float | None
    auroc: float | None
    aurc: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None
    bins: tuple[Bin, ...] = ()
    p: float | None = None
    verdict: Literal["overconfident", "underconfident", "uneven", "believable"] | None = None


class Overconfident(Value, frozen=True):
    """A wrong answer that was stated with confidence."""

    trace: str
    title: str | None
    stated: float
    by: str


class ConfidenceReport(Value, frozen=True):
    """``answers``: those whose end result is known; ``stated``: how many of them state a confidence."""

    schema_version: Literal["traceeval.confidence/1"]
    answers: int
    stated: int
    figures: tuple[ConfidenceFigures, ...]
    overconfident: tuple[Overconfident, ...] = ()
