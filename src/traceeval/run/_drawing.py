"""Which traces of a frame go to people: by the policy's levels, or as many as a budget allows, by interest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

import msgspec

from traceeval.measures.sampling import FLOOR, plan
from traceeval.run._batch import Unit
from traceeval.run._interest import WEIGHTS, interest, signals
from traceeval.run._setup import Setup


class Frame(Protocol):
    """Every unit of a run, as often as they are asked for, and a digest of the set."""

    def __iter__(self) -> Iterator[Unit]:
        """Every unit, in one order."""

    @property
    def frame_sha256(self) -> str:
        """A digest of the set of subjects."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A frame with its probabilities. ``drawn`` and ``reasons`` are counted while ``units`` are read."""

    frame_sha256: str
    plan: Mapping[str, Any]
    source: Callable[[], Iterable[Unit]]
    drawn: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def units(self) -> Iterator[Unit]:
        """Every unit of the frame."""
        for unit in self.source():
            if unit.drawn:
                self.drawn[unit.why] += 1
                self.reasons.update({rule for rule, _ in unit.reasons})
            yield unit


def by_levels(frame: Frame, setup: Setup) -> Drawing:
    """What the policy says: findings, levels and triggers for certain, a random share of the rest."""
    policy = setup.policy
    numbers = {"level": policy.queue_level, "floor": policy.queue_floor, "random_share": policy.random_share}
    return Drawing(frame.frame_sha256, numbers, lambda: frame)


def by_budget(frame: Frame, setup: Setup, budget: int) -> Drawing:
    """As many as people can see: what must be seen, and the rest by interest (review.md section 6).

    A plan of another budget is another frame to the queue, and the same permanent numbers: so it only adds.
    """
    known = [(interest(signals_of(unit)), unit.floor >= setup.policy.queue_floor) for unit in frame]
    chances = plan([value for value, _ in known], [must for _, must in known], budget)

    def source() -> Iterator[Unit]:
        for unit, (_, must), pi in zip(frame, known, chances, strict=True):
            yield msgspec.structs.replace(unit, pi=pi, why="floor" if must else "random")

    frozen = {"frame": frame.frame_sha256, "uniform_share": FLOOR, "weights": dict(WEIGHTS)}
    numbers = {"budget": budget, "floor": setup.policy.queue_floor, **frozen}
    return Drawing(sha256(f"{frame.frame_sha256}/{budget}".encode()).hexdigest(), numbers, source)


def signals_of(unit: Unit) -> dict[str, float]:
    """What was known of a unit before anybody looked."""
    return signals(unit.level, [rule for rule, _ in unit.reasons])
