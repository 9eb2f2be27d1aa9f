"""Run against run: every measure on the same cases, what it proves, and where the two part (metrics.md section 15).

The unit is the case, a scenario or a question: trials of one are averaged, for they are far from independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traceeval.compare._change import FEWER, Metric, Names, change, judged
from traceeval.compare._divergence import divergences, parted
from traceeval.compare._unit_values import UnitValues, finding_rows, own_rows, unit_values
from traceeval.compare._units import Paired, called, pair
from traceeval.measures.paired import FEWEST, RESAMPLES
from traceeval.model import COMPARISON, Change, Comparison, Side, SliceChange

if TYPE_CHECKING:
    import pandas as pd

MOST_SLICES, MOST_DIVERGENCES = 200, 10
ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTables:
    """What is compared of a run: its rows of ``traces.parquet`` and ``scores.parquet``."""

    side: Side
    traces: pd.DataFrame
    scores: pd.DataFrame


def compare_runs(
    base: RunTables, head: RunTables, *, asked: Sequence[Metric], others: Sequence[Metric] = (), alpha: float = ALPHA
) -> Comparison:
    """What ``head`` changed. ``asked``: the measures a decision rests on, corrected together; ``others``: beside them.

    Units without a partner are listed and left out, as are those with two recordings of one trial.
    """
    paired = pair(base.traces, head.traces)
    names = _names(paired)
    margins = {one.name: one.margin for one in asked if one.margin is not None}
    values = _values(paired, base, head)
    made = _changed(asked, values, names, paired.trials, alpha, RESAMPLES)
    more = _changed(others, values, names, paired.trials, alpha)
    found = _findings(paired)
    codes = [Metric(name=name, better="lower") for name in found]
    by_code = _changed(codes, found, names, paired.trials, alpha)
    changes = judged(made, margins, family=True, alpha=alpha)
    return Comparison(
        schema_version=COMPARISON,
        base=base.side,
        head=head.side,
        units=len(names.units),
        paired_by=paired.by,
        trials=paired.trials,
        changes=tuple(changes),
        others=tuple(judged(more, {}, family=False, alpha=alpha)),
        findings=tuple(judged(by_code, {}, family=False, alpha=alpha)),
        slices=tuple(_slices(paired, asked, values, names, alpha)),
        divergences=divergences(paired, _worth_a_look(paired, changes, names), MOST_DIVERGENCES),
        parted=parted(paired),
        only_base=paired.only_base,
        only_head=paired.only_head,
        doubled=paired.doubled,
    )


def _changed(
    metrics: Sequence[Metric],
    values: Mapping[str, UnitValues],
    names: Names,
    trials: bool,
    alpha: float,
    resamples: int = FEWER,
) -> list[Change]:
    """Measures that are going to be corrected together, as far as both runs have them."""
    known = [one for one in metrics if one.name in values]
    return [
        change(one, values[one.name], names, trials=trials, resamples=resamples, among=len(known), alpha=alpha)
        for one in known
    ]


def _names(paired: Paired) -> Names:
    base, head = (side.drop_duplicates("unit").set_index("unit") for side in (paired.base, paired.head))
    units, names = paired.units, called(base)
    return Names(
        units=[str(names[unit]) for unit in units],
        base=[str(base["trace"][unit]) for unit in units],
        head=[str(head["trace"][unit]) for unit in units],
    )


def _values(paired: Paired, base: RunTables, head: RunTables) -> dict[str, UnitValues]:
    import pandas as pd

    columns = ["trace", "scorer", "value", "status", "lower", "upper"]
    rows = [
        pd.concat([own_rows(traces)[columns], run.scores[columns]], ignore_index=True)
        for traces, run in ((paired.base, base), (paired.head, head))
    ]
    return unit_values(paired, *rows)


def _findings(paired: Paired) -> dict[str, UnitValues]:
    codes = sorted({code for side in (paired.base, paired.head) for found in side["codes"] for code in found})
    return unit_values(paired, finding_rows(paired.base, codes), finding_rows(paired.head, codes)) if codes else {}


def _slices(
    paired: Paired, asked: Sequence[Metric], values: Mapping[str, UnitValues], names: Names, alpha: float
) -> Iterator[SliceChange]:
    """Every measure asked about where a field has one value on both sides; the surest first."""
    where = [(*row, one) for row in _where(paired) for one in asked if one.name in values]
    how: Any = {"trials": paired.trials, "resamples": FEWER, "among": len(where), "alpha": alpha}
    made = [
        (field, value, change(one, _of(values[one.name], at), _at(names, at), **how)) for field, value, at, one in where
    ]
    told = judged([one for _, _, one in made], {}, family=False, alpha=alpha)
    found = [(one.adjusted, field, value, one) for (field, value, _), one in zip(made, told, strict=True)]
    sure = [row for row in found if row[0] is not None and row[0] < alpha]
    yield from (SliceChange(field=field, value=value, change=one) for _, field, value, one in sorted(sure, key=_surest))


def _surest(row: tuple[float | None, str, str, Change]) -> tuple[float, str, str, str]:
    return row[0] or 0.0, row[1], row[2], row[3].metric


def _where(paired: Paired) -> Iterator[tuple[str, str, list[int]]]:
    """(field, value, places of the units that have it on both sides), each of enough units and not of all."""
    sides = [_described(side) for side in (paired.base, paired.head)]
    place = {unit: at for at, unit in enumerate(paired.units)}
    found = 0
    for told, units in sides[0].items():
        at = sorted(place[unit] for unit in units & sides[1].get(told, set()))
        field, _, value = told.partition("=")
        if field.startswith("system.") or not FEWEST <= len(at) < len(place) or found == MOST_SLICES:
            continue
        found += 1
        yield field, value, at


def _described(side: pd.DataFrame) -> dict[str, set[str]]:
    units: dict[str, set[str]] = {}
    for unit, fields in zip(side["unit"], side["fields"], strict=True):
        for told in fields:
            units.setdefault(told, set()).add(unit)
    return units


def _of(values: UnitValues, at: list[int]) -> UnitValues:
    return UnitValues(
        base=values.base[at],
        head=values.head[at],
        base_ends=(values.base_ends[0][at], values.base_ends[1][at]),
        head_ends=(values.head_ends[0][at], values.head_ends[1][at]),
        statuses={name: (base[at], head[at]) for name, (base, head) in values.statuses.items()},
    )


def _at(names: Names, at: list[int]) -> Names:
    units, base, head = ([column[k] for k in at] for column in (names.units, names.base, names.head))
    return Names(units=units, base=base, head=head)


def _worth_a_look(paired: Paired, changes: Sequence[Change], names: Names) -> list[str]:
    """Units in the order in which a person would open them: those that lost most by what was asked about, then the rest."""
    by_trace = dict(zip(names.base, paired.units, strict=True))
    regressed = sorted(changes, key=lambda one: one.verdict != "regressed")
    lost = [by_trace[moved.base_trace] for one in regressed for moved in one.worst]
    return list(dict.fromkeys([*lost, *paired.units]))
