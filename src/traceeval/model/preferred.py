"""Side by side: what each person preferred and why, and what that comes to by criterion, language and audience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Value
from traceeval.model.judge_report import Interval
from traceeval.model.judged import Author, Preference


class PreferenceRow(Value, frozen=True):
    """One person's preference between the outputs a and b, as it was before any settling.

    ``first``: which of them stood first (left). ``marks``: criterion -> (a's, b's) by the same person, 1..5, where they
    marked both; ``preferred``: criterion -> side, where they said so. ``cluster``: the scenario family. ``audience``: who
    they speak for. ``reviewer``: a pseudonym will do.
    """

    subject: str
    cluster: str
    reviewer: str
    preference: Preference
    a: Author
    b: Author
    audience: str = ""
    language: str = ""
    first: Literal["a", "b"] | None = None
    marks: Mapping[str, tuple[int, int]] = {}
    preferred: Mapping[str, Preference] = {}


class Share(Value, frozen=True):
    """How often ``system`` is preferred to ``other``: (wins + half of the ties)/n, with a bootstrap by scenario family.

    ``criterion`` empty: the preference itself; else by the marks on that criterion. ``language`` None: all of them.
    ``follows``: where the preference and this criterion both take a side, the share in which it is the same one.
    """

    system: str
    other: str
    criterion: str
    audience: str
    language: str | None
    share: Interval
    wins: int
    ties: int
    losses: int
    clusters: int
    follows: Interval | None = None


class Reversal(Value, frozen=True):
    """Two audiences that prefer opposite systems on one criterion: a finding, and nothing to be averaged away.

    ``p``: of the weaker side (Gail and Simon's test of a reversal), adjusted by Holm over everything compared.
    """

    system: str
    other: str
    criterion: str
    prefers: str
    rejects: str
    share: Interval
    opposite: Interval
    p: float


class Leaning(Value, frozen=True):
    """How often what stood first was preferred, ties left out; ``p`` exact binomial against one half, Holm over people.

    ``reviewer`` None: all of them.
    """

    reviewer: str | None
    first: int
    n: int
    p: float
    adjusted: float


class Strength(Value, frozen=True):
    """A system's strength, log-odds against the mean of all (Bradley-Terry with ties, Davidson), bootstrap by family."""

    system: str
    value: float
    low: float | None
    high: float | None


class Ranking(Value, frozen=True):
    """Three or more systems in one order for one audience. Refused (empty, ``why``) where wins do not connect them all."""

    audience: str
    strengths: tuple[Strength, ...] = ()
    ties: float | None = None
    why: str = ""


class PreferenceReport(Value, frozen=True):
    """Preferences of all audiences, never pooled across them.

    ``longer``: share of decided preferences for the longer output. ``inconsistent``: verdicts that prefer what the same
    person marked 2 or more points lower in total.
    """

    rows: int
    subjects: int
    shares: tuple[Share, ...]
    reversals: tuple[Reversal, ...]
    leanings: tuple[Leaning, ...]
    longer: Interval
    rankings: tuple[Ranking, ...] = ()
    inconsistent: int = 0
