"""What people are asked, what they answer, and what was settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Json, Value


class Excerpt(Value, frozen=True):
    """A piece of a trace that deserves a mark, and why: at most 1,200 characters together."""

    text: str
    why: str


class Anchor(Value, frozen=True):
    """What one mark means: its wording and annotated excerpts."""

    wording: str
    excerpts: tuple[Excerpt, ...] = ()


class Criterion(Value, frozen=True):
    """One question of a rubric, marked 1..5. ``passes``: the lowest mark that passes.

    ``blames``: components a low mark speaks of; ``rated_by``: the tag of people who can tell, None: anybody.
    """

    name: str
    question: str
    anchors: Mapping[int, Anchor]
    passes: int = 4
    safety: bool = False
    blames: tuple[str, ...] = ()
    rated_by: str | None = None


class Rubric(Value, frozen=True):
    """A set of criteria in one language (BCP 47). Its digest is over its canonical JSON; any edit is a new version."""

    id: str
    version: int
    criteria: tuple[Criterion, ...]
    flags: tuple[str, ...] = ()
    locale: str = "en"


class Verdict(Value, frozen=True):
    """What one person said of one item. A criterion has its mark, 1..5, or a word in ``absent``, never 0."""

    item: str
    reviewer: str
    round: Literal["calibration", "gold", "live", "adjudication"]
    marks: Mapping[str, int]
    rationale: str
    at: str
    absent: Mapping[str, Literal["not_applicable", "cannot_judge"]] = {}
    flags: tuple[str, ...] = ()
    reasons: Mapping[str, str] = {}
    evidence: tuple[str, ...] = ()
    preference: Literal["a", "b", "tie", "both_bad"] | None = None
    unsure: tuple[str, ...] = ()
    escalate: bool = False


class Decision(Value, frozen=True):
    """What was settled. ``outcome`` ``indeterminate`` carries its ``cause``; nothing is ever decided by majority."""

    item: str
    method: Literal["unanimous", "single", "adjudicated"]
    outcome: Literal["decided", "indeterminate"]
    marks: Mapping[str, int]
    flags: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    cause: str | None = None
    preference: str | None = None
    extra: Mapping[str, Json] = {}
