"""What a decision answers to each question of a rubric: passes, mark, flags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row

from traceeval.model import Rubric

MARKS = (1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """``pass``: does the criterion's mark reach ``passes``; ``mark``: which; ``flag``: is it raised (None: any)."""

    name: str
    kind: Literal["pass", "mark", "flag"]
    about: str | None
    passes: int = 0

    @property
    def values(self) -> tuple[float, float]:
        """The least and the most an answer can be."""
        return MARKS if self.kind == "mark" else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """``applies`` 0: the question does not arise here."""

    y: float
    applies: float = 1.0


def questions(rubric: Rubric) -> Iterator[Asked]:
    """Everything a rubric asks of one trace."""
    for criterion in rubric.criteria:
        yield Asked(f"{criterion.name}: pass", "pass", criterion.name, criterion.passes)
        yield Asked(f"{criterion.name}: mark", "mark", criterion.name)
    yield Asked("any flag", "flag", None)
    for flag in rubric.flags:
        yield Asked(f"flag: {flag}", "flag", flag)


def answer(decision: Row[Any] | None, asked: Asked, bodies: Mapping[str, Mapping[str, Any]]) -> Answer | None:
    """What was decided; None where it was not, or where somebody could not judge this criterion.

    Rates read the decision; a mean mark is the mean of the round's verdicts, or the adjudicated mark, so that the
    rounding of a decision biases nothing.
    """
    if decision is None:
        return None
    if asked.kind == "flag":
        return Answer(float(bool(decision.flags) if asked.about is None else asked.about in decision.flags))
    name, said = str(asked.about), [bodies[uuid] for uuid in decision.verdicts if uuid in bodies]
    said = said[-1:] if decision.method == "adjudicated" else said
    if name not in decision.marks:
        return Answer(0.0, 0.0) if _does_not_arise(said, name) else None
    if asked.kind == "pass":
        return Answer(float(decision.marks[name] >= asked.passes))
    marks = [body["marks"][name] for body in said if name in body["marks"]]
    return Answer(sum(marks) / len(marks) if marks else float(decision.marks[name]))


def _does_not_arise(said: Sequence[Mapping[str, Any]], name: str) -> bool:
    return bool(said) and all(body["absent"].get(name) == "not_applicable" for body in said)
