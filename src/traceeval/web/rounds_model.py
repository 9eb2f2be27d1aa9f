"""The shapes of calibration rounds in the JSON API. While a round is on, nothing of what was said in it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traceeval.review.calibration import Round
from traceeval.review.rounds import Question, Reveal
from traceeval.web.api_model import Body

_TOLD = ("marks", "absent", "flags", "preference", "rationale", "reasons")


class OpenedOut(Body):
    """A round that was opened."""

    round: str


class RoundOut(Body):
    """A round by how far people are. ``alpha``: by criterion, null where all said the same; empty while it is on."""

    round: str
    n: int
    open: bool
    rubric: str
    version: int
    target: float
    items: int
    began: int
    through: int
    alpha: Mapping[str, float | None]
    opened_at: float
    revealed_at: float | None

    @classmethod
    def of(cls, one: Round) -> RoundOut:
        """Of a queue."""
        what: dict[str, Any] = {"rubric": one.rubric, "version": one.version, "target": one.target, "alpha": one.alpha}
        people: dict[str, Any] = {"items": one.items, "began": one.started, "through": one.through}
        when: dict[str, Any] = {"open": one.open, "opened_at": one.opened_at, "revealed_at": one.revealed_at}
        return cls(round=str(one.id), n=one.n, **what, **people, **when)


class QuestionOut(Body):
    """What was said of one item. ``marks``: criterion -> mark -> how many gave it; ``said``: without names or times."""

    item: str
    marks: Mapping[str, Mapping[str, int]]
    absent: Mapping[str, Mapping[str, int]]
    preferences: Mapping[str, int]
    said: list[Any]

    @classmethod
    def of(cls, one: Question) -> QuestionOut:
        """Of a round that was laid open."""
        marks = {name: {str(mark): n for mark, n in sorted(given.items())} for name, given in one.marks.items()}
        said = [{name: verdict.get(name) for name in _TOLD} for verdict in one.said]
        return cls(item=str(one.item), marks=marks, absent=one.absent, preferences=one.preferences, said=said)


class RevealOut(Body):
    """A round laid open. ``reached``: every alpha is at the target; ``again``: another round may follow."""

    round: str
    n: int
    people: int
    target: float
    alpha: Mapping[str, float | None]
    reached: bool
    again: bool
    questions: list[QuestionOut]
    notes: list[Any]

    @classmethod
    def of(cls, found: Reveal) -> RevealOut:
        """Of a round."""
        said: dict[str, Any] = {
            "questions": [QuestionOut.of(one) for one in found.questions],
            "notes": list(found.notes),
        }
        end: dict[str, Any] = {"alpha": found.alpha, "reached": found.reached, "again": found.again}
        return cls(round=str(found.id), n=found.n, people=found.people, target=found.target, **end, **said)
