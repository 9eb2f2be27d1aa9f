"""What a decision answers to each question of a rubric: passes, mark, flags; of a pair, which system is preferred too.

Of a pair every response counts: a criterion's answer is the mean of the two, weighted by how many it applies to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row

from traceeval.model import Rubric
from traceeval.review.pairs import SIDES
from traceeval.review.settle import PREFERENCE_VALUES

MARKS = (1.0, 5.0)
Systems = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """``pass``: does the criterion's mark reach ``passes``; ``mark``: which; ``flag``: is it raised (None: any).

    ``preference``: is the first of ``systems`` preferred to the second, a tie being half; without ``systems``: is
    ``about`` what was said.
    """

    name: str
    kind: Literal["pass", "mark", "flag", "preference"]
    about: str | None
    passes: int = 0
    systems: Systems | None = None

    @property
    def values(self) -> tuple[float, float]:
        """The least and the most an answer can be."""
        return MARKS if self.kind == "mark" else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """``applies`` 0: the question does not arise here; .5: to one of two responses."""

    y: float
    applies: float = 1.0


def questions(rubric: Rubric, mode: str = "single", matches: Iterable[Systems] = ()) -> Iterator[Asked]:
    """Everything a rubric asks of one subject. ``matches``: systems that stood side by side, of a pair."""
    for criterion in rubric.criteria if mode != "pairwise" else ():
        yield Asked(f"{criterion.name}: pass", "pass", criterion.name, criterion.passes)
        yield Asked(f"{criterion.name}: mark", "mark", criterion.name)
    yield Asked("any flag", "flag", None)
    for flag in rubric.flags:
        yield Asked(f"flag: {flag}", "flag", flag)
    if mode == "single":
        return
    for first, second in matches:
        yield Asked(f"preference: {first} over {second}", "preference", None, systems=(first, second))
    for said in ("tie", "both_bad"):
        yield Asked(f"preference: {said.replace('_', ' ')}", "preference", said)


def answer(
    decision: Row[Any] | None, asked: Asked, bodies: Mapping[str, Mapping[str, Any]], systems: Systems | None = None
) -> Answer | None:
    """What was decided; None where it was not, or where somebody could not judge this criterion.

    Rates read the decision; a mean mark is the mean of the round's verdicts, or the adjudicated mark, so that the
    rounding of a decision biases nothing. ``systems``: whose the two responses are, in their stored order.
    """
    if decision is None:
        return None
    if asked.kind == "preference":
        return _preferred(decision.preference, asked, systems)
    if asked.kind == "flag":
        return Answer(float(bool(decision.flags) if asked.about is None else asked.about in decision.flags))
    name, said = str(asked.about), [bodies[uuid] for uuid in decision.verdicts if uuid in bodies]
    said = said[-1:] if decision.method == "adjudicated" else said
    if decision.preference is None:
        return _of_one(decision, asked, name, said)
    return _of_two([_of_one(decision, asked, f"{side}:{name}", said) for side in SIDES])


def _of_one(decision: Row[Any], asked: Asked, name: str, said: Sequence[Mapping[str, Any]]) -> Answer | None:
    """One response's answer to one criterion."""
    if name not in decision.marks:
        return Answer(0.0, 0.0) if _does_not_arise(said, name) else None
    if asked.kind == "pass":
        return Answer(float(decision.marks[name] >= asked.passes))
    marks = [body["marks"][name] for body in said if name in body["marks"]]
    return Answer(sum(marks) / len(marks) if marks else float(decision.marks[name]))


def _of_two(sides: Sequence[Answer | None]) -> Answer | None:
    """Both responses', each for as much as the question applies to it."""
    known = [one for one in sides if one is not None]
    if len(known) < len(sides):
        return None
    applies = sum(one.applies for one in known)
    return Answer(sum(one.y for one in known) / applies if applies else 0.0, applies / len(sides))


def _preferred(said: str | None, asked: Asked, systems: Systems | None) -> Answer | None:
    """Of systems: 1, .5 or 0; the question arises where those two stood side by side and one of them was good."""
    if said is None:
        return None
    if asked.systems is None:
        return Answer(float(said == asked.about))
    if systems is None or set(systems) != set(asked.systems) or said not in PREFERENCE_VALUES:
        return Answer(0.0, 0.0)
    value = PREFERENCE_VALUES[said]
    return Answer(value if systems == asked.systems else 1 - value)


def _does_not_arise(said: Sequence[Mapping[str, Any]], name: str) -> bool:
    return bool(said) and all(body["absent"].get(name) == "not_applicable" for body in said)
