"""A judge's rows and people's rows joined into columns: one place for every thing judged on one criterion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from traceeval.errors import ConfigError
from traceeval.model import Author, JudgeRow, PeopleRow

_SHARES: Mapping[str, float] = {"a": 1.0, "tie": 0.5, "both_bad": 0.5, "b": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Arrays of one length. Verdicts are 0..1: marks as share of the scale 1..5, preferences as share that went to a.

    nan: unread, not asked, not settled. ``variants``: probe -> verdict on what was changed. ``refused``: people's verdict
    on the refusal. ``paired``: a preference. ``longer``, ``own``: 1 where a is longer, of the judge's family, -1 where b
    is, 0 where neither or both; of a mark ``own`` is 1 or 0. ``sound``: 0 where people failed the judge's family's own
    output of a pair. ``passes``: the verdict from which on it passes. ``weight``: 1/pi.
    """

    judge: Any
    people: Any
    cluster: Any
    paired: Any
    passes: Any
    variants: Mapping[str, Any] = field(default_factory=dict)
    refused: Any = None
    longer: Any = None
    own: Any = None
    sound: Any = None
    weight: Any = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Pairs of rows about the same thing; ``variants``: all a judge was asked about it, by probe.

    ``unread``: replies that hold no verdict; ``unmatched``: things judged that people settled nothing about.
    """

    rows: tuple[tuple[JudgeRow, PeopleRow], ...]
    variants: Mapping[tuple[str, str], Mapping[str, JudgeRow]]
    refusals: Mapping[tuple[str, str], PeopleRow]
    unread: int
    unmatched: int

    @property
    def both_orders(self) -> tuple[tuple[JudgeRow, PeopleRow], ...]:
        """Every readable reply: the rows, and those of the same pairs judged with b first."""
        swapped = ((self.variants[person.subject, person.criterion].get("swapped"), person) for _, person in self.rows)
        told = (*self.rows, *((row, person) for row, person in swapped if row is not None))
        return tuple((row, person) for row, person in told if value_of(row) is not None)


def join(judged: Iterable[JudgeRow], people: Iterable[PeopleRow]) -> Joined:
    """Match by subject and criterion.

    Raises:
        ConfigError: several judges, prompts or rubrics in one file, or a question asked or settled twice.
    """
    asked: dict[tuple[str, str], dict[str, JudgeRow]] = {}
    rows = list(judged)
    for name in ("judge", "prompt", "rubric"):
        if len(several := sorted({getattr(row, name) for row in rows})) > 1:
            raise ConfigError(f"verdicts of several {name}s ({', '.join(several)}): measure each alone")
    for row in rows:
        by_probe = asked.setdefault((row.subject, row.criterion), {})
        if row.probe in by_probe:
            raise ConfigError(f"{row.subject} {row.criterion or 'preference'}: judged twice{_probe(row)}; keep one row")
        by_probe[row.probe] = row
    settled, refusals = _settled(people)
    pairs = [(asked[key][""], one) for key, one in settled.items() if "" in asked.get(key, ())]
    return Joined(
        tuple(pairs),
        asked,
        refusals,
        sum(value_of(row) is None for by_probe in asked.values() for row in by_probe.values()),
        sum(key not in settled for key in asked),
    )


def _probe(row: JudgeRow) -> str:
    return f" under {row.probe}" if row.probe else ""


def _settled(people: Iterable[PeopleRow]) -> tuple[dict[tuple[str, str], PeopleRow], dict[tuple[str, str], PeopleRow]]:
    plain: dict[tuple[str, str], PeopleRow] = {}
    refusals: dict[tuple[str, str], PeopleRow] = {}
    for row in people:
        kept, key = (refusals if row.probe else plain), (row.subject, row.criterion)
        if key in kept:
            raise ConfigError(f"{row.subject} {row.criterion or 'preference'}: settled twice; keep one row")
        if value_of(row) is not None:
            kept[key] = row
    return plain, refusals


def value_of(row: JudgeRow | PeopleRow | None) -> float | None:
    """A verdict as 0..1; None where there is none."""
    if row is None:
        return None
    if row.mark is not None:
        return (row.mark - 1) / 4
    return None if row.preference is None else _SHARES[row.preference]


def columns(joined: Joined) -> Columns:
    """The arrays of what was joined."""
    rows = joined.rows
    keys = [(person.subject, person.criterion) for _, person in rows]
    names = sorted({probe for key in keys for probe in joined.variants[key] if probe})
    family = next((row.family for row, _ in rows if row.family), None)
    clusters = {name: code for code, name in enumerate(sorted({person.cluster for _, person in rows}))}
    return Columns(
        judge=_floats(value_of(row) for row, _ in rows),
        people=_floats(value_of(person) for _, person in rows),
        cluster=np.array([clusters[person.cluster] for _, person in rows], dtype=np.int64),
        paired=np.array([person.mark is None for _, person in rows], dtype=bool),
        passes=_floats((person.passes - 1) / 4 for _, person in rows),
        variants={name: _floats(value_of(joined.variants[key].get(name)) for key in keys) for name in names},
        refused=_floats(value_of(joined.refusals.get(key)) for key in keys),
        longer=_floats(_longer(person) for _, person in rows),
        own=_floats(_own(person.authors, family) for _, person in rows),
        sound=_floats(_sound(person, family) for _, person in rows),
        weight=_floats(1 / person.pi for _, person in rows),
    )


def _floats(values: Iterable[float | bool | None]) -> Any:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _longer(person: PeopleRow) -> float | None:
    """By the lengths given, else by those of the outputs where they are there."""
    lengths = [author.length for author in person.authors]
    if None in lengths or not lengths:
        lengths = [len(output) for output in person.outputs]
    if len(lengths) != 2:
        return None
    a, b = lengths
    return None if a is None or b is None else float(np.sign(a - b))


def _own(authors: Sequence[Author], family: str | None) -> float | None:
    """None where a family is not known: of the judge, or of an output."""
    if family is None or not authors or any(author.family is None for author in authors):
        return None
    mine = [author.family == family for author in authors]
    return float(mine[0]) - float(mine[1]) if len(mine) == 2 else float(mine[0])


def _sound(person: PeopleRow, family: str | None) -> bool | None:
    mine = [told for author, told in zip(person.authors, person.sound, strict=False) if author.family == family]
    return mine[0] if len(mine) == 1 else None
