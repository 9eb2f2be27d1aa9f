"""The judge as an instrument: how far it agrees with people, how often it is right, and what else moves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Value


class Interval(Value, frozen=True):
    """A figure with its 95 % interval and how many units it rests on; None: undefined, ``why`` says for what reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    why: str = ""


class Probe(Value, frozen=True):
    """One thing that must not move a verdict, and how far it did.

    ``effect``: share of verdicts, or of the scale of marks; its 95 % interval is not adjusted, ``adjusted`` is Holm's p
    over all probes of the report. ``flagged``: adjusted p under .05 and an effect of at least .05 either way.
    """

    name: str
    by: str
    status: Literal["measured", "insufficient", "not_applicable"]
    why: str = ""
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    adjusted: float | None = None
    n: int = 0
    clusters: int = 0
    flagged: bool = False


class Agreeing(Value, frozen=True):
    """A judge against people on one criterion, or in one slice of it. Weighted by 1/pi but for ``counts`` and ``n``.

    ``kappa``: quadratic weights, of marks and of preferences for b, neither and a; without an interval where hardly any
    verdict is a rarer one, and ``why`` says how many it takes. ``raw``: share of equal verdicts; ``within_one``: of
    marks at most 1 apart. ``counts``: people's verdict -> judge's -> how many. ``enough`` is False under 30 verdicts:
    shown, never gated.
    """

    criterion: str
    kappa: Interval
    raw: Interval
    counts: Mapping[str, Mapping[str, int]]
    n: int
    clusters: int
    within_one: float | None = None
    where: Mapping[str, str] = {}
    enough: bool = True


class Screening(Value, frozen=True):
    """The judge as a yes-or-no instrument for failures people settled: at its own pass mark, or at a chosen threshold.

    ``sensitivity``: share of people's failures it fails; ``specificity``: share of people's passes it passes; both with
    Clopper-Pearson's interval at the effective size. ``flagged``: what it fails of all it judged. ``corrected``: the
    failure rate behind that (Rogan-Gladen, Lang-Reiczigel); its value None: no better than chance.
    """

    criterion: str
    sensitivity: Interval
    specificity: Interval
    flagged: Interval
    corrected: Interval
    raw_corrected: float | None = None


class JudgeReport(Value, frozen=True):
    """Everything measured of one judge under one prompt.

    ``unread``: replies without a verdict; ``unmatched``: things it judged that people settled nothing about.
    ``swap_consistency``: share of pairs with the same preference in both orders.
    """

    judge: str
    prompt: str
    rubric: str
    agreement: tuple[Agreeing, ...]
    screening: tuple[Screening, ...]
    probes: tuple[Probe, ...]
    swap_consistency: Interval
    prefers_longer: Interval
    people_prefer_longer: Interval
    unread: int
    unmatched: int
    usd: float | None = None
    seconds: float | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """Names of the probes that moved it, each once, in the order of the report."""
        return tuple(dict.fromkeys(probe.name for probe in self.probes if probe.flagged))
