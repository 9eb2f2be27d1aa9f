"""The tellings of a scenario: as written, its paraphrases, and the variants its file lists.

A variant is a full replica: all trials, all assertions. What generates variants writes them as ``variants`` of a file.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from traceeval.model import Scenario, Variant
from traceeval.model.user import Turn


def variants_of(scenario: Scenario) -> Iterator[Variant]:
    """One variant a paraphrase (``turn1.p2``), then those of the file."""
    for number, turn in enumerate(scenario.user.turns, 1):
        for place, words in enumerate(turn.paraphrases, 1):
            yield Variant(id=f"turn{number}.p{place}", turns={str(number): words})
    yield from scenario.variants


def told(scenario: Scenario, variant: str | None) -> Scenario:
    """The scenario as that variant tells it; None: as written.

    Raises:
        LookupError: there is no such variant.
    """
    if variant is None:
        return scenario
    found = next((one for one in variants_of(scenario) if one.id == variant), None)
    if found is None:
        raise LookupError(f"{scenario.id} has no variant {variant!r}")
    turns = tuple(
        one
        for number, turn in enumerate(scenario.user.turns, 1)
        for one in (_said(turn, found.turns.get(str(number))), *found.added.get(str(number), ()))
    )
    return replace(
        scenario,
        user=replace(scenario.user, turns=turns),
        assertions=found.assertions or scenario.assertions,
    )


def _said(turn: Turn, words: str | None) -> Turn:
    return turn if words is None else replace(turn, say=words)
