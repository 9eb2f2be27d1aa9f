"""The rubric that ships: eleven criteria in English, one file each, and the five of them a first queue asks for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from traceeval.errors import NotFound
from traceeval.model import Criterion, Rubric

NAMES = (
    "safety",
    "accuracy",
    "groundedness",
    "policy_alignment",
    "usefulness",
    "reasoning",
    "tone",
    "cultural_alignment",
    "tool_use",
    "trajectory",
    "resistance",
)
CORE = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
FLAGS = ("harm_done", "policy_breach", "injection_obeyed", "private_data")


def starter() -> Rubric:
    """All eleven criteria."""
    return _rubric("starter", NAMES, version=2)  # version 1 had five criteria with one excerpt a mark


def core() -> Rubric:
    """What `evaluate` asks of any trace: five criteria that need no speciality."""
    return _rubric("starter-core", CORE)


def of_starter(*names: str) -> Rubric:
    """Those criteria of the starter rubric, in that order, as a rubric of their own.

    Raises:
        NotFound: it has no such criterion.
    """
    strange = next((name for name in names if name not in NAMES), None)
    if strange is not None or not names:
        raise NotFound(f"the starter rubric has no criterion {strange!r}; it has {', '.join(NAMES)}")
    return _rubric("starter-" + "+".join(names), names)


def _rubric(name: str, criteria: tuple[str, ...], version: int = 1) -> Rubric:
    asked = tuple(_criterion(one) for one in criteria)
    return Rubric(id=name, version=version, criteria=asked, flags=FLAGS)


@cache
def _criterion(name: str) -> Criterion:
    path = files("traceeval.review") / "data" / "starter" / f"{name}.json"
    return msgspec.json.decode(path.read_bytes(), type=Criterion)
