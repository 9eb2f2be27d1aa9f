"""What a report says of slices: which are worse, of how much, and what could not be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from traceeval.measures.safe_text import inline
from traceeval.model import Aggregate, SliceField, SliceRow, Slices
from traceeval.report._numbers import interval, number, percent, plural

SHOWN = 8
_NAMES = {"outcome": "end result", "defect": "defects"}


@dataclass(frozen=True, slots=True)
class Worst:
    """A slice with its worst score, and the other scores on which it is worse too."""

    row: SliceRow
    also: tuple[str, ...]


def slice_name(row: SliceRow) -> str:
    """``tenant = acme, language = de``; text of strangers, to be escaped."""
    return ", ".join(f"{field} = {value_name(value)}" for field, value in row.where.items())


def value_name(value: str | None) -> str:
    """A value of a field; where it is not known, that."""
    return "(none)" if value is None else value


def measure_name(scorer: str) -> str:
    """A score as a heading: ``end result``, ``generator passed``, ``retriever.recall``."""
    return _NAMES.get(scorer, scorer.replace(".passed", " passed"))


def worst_slices(slices: Slices) -> tuple[Worst, ...]:
    """Every slice that is reliably worse, once, with the score on which it is worst."""
    found: dict[tuple[tuple[str, str | None], ...], list[SliceRow]] = {}
    for row in slices.worst:
        found.setdefault(tuple(row.where.items()), []).append(row)
    return tuple(
        Worst(rows[0], tuple(measure_name(other.score.scorer) for other in rows[1:])) for rows in found.values()
    )


def worst_line(row: SliceRow) -> str:
    """``Worst slice: tenant = acme: end result 0.76, elsewhere 0.94``."""
    told = f"{measure_name(row.score.scorer)} {number(row.score.mean)}, elsewhere {number(row.rest)}"
    return f"Worst slice: {inline(slice_name(row), 120)} ({plural(row.traces, 'trace')}): {told}"


def worse_by(row: SliceRow) -> str:
    """``0.31 (0.12–0.48)``."""
    return f"{number(row.worse)} ({interval(row.low, row.high)})"


def chance(q: float | None) -> str:
    """``0.0044``; one too small to print says so."""
    return "<0.0001" if q is not None and q < 0.0001 else number(q, 4)


def at_worst(aggregate: Aggregate) -> str:
    """The mean if all that failed were at its worst; empty when nothing failed."""
    end = aggregate.lower if aggregate.better == "higher" else aggregate.upper
    return number(end) if aggregate.counts.get("failed") and end is not None else ""


def slices_headline(slices: Slices) -> str:
    """One sentence: how many slices are worse, of how many comparisons, at which price."""
    found = worst_slices(slices)
    of = f"{plural(slices.comparisons, 'comparison')}, false alarms held to {percent(slices.rate)}"
    if not slices.comparisons:
        return f"Nothing to compare: a slice, and the rest, need {slices.smallest} scored traces that differ"
    if not found:
        return f"No slice is reliably worse than the rest ({of})"
    return f"{plural(len(found), 'slice is', 'slices are')} reliably worse than the rest ({of})"


def slices_notes(slices: Slices) -> Iterator[str]:
    """What a reader has to know: repeated cases, fields left out, slices whose scores could be had less often."""
    if slices.units != slices.traces:
        yield (
            f"{plural(slices.traces, 'trace')} are {plural(slices.units, 'case')}: trials of one scenario and traces of "
            "one session count once in a slice"
        )
    for field in slices.fields:
        if field.note:
            yield f"{field.name}: {field.note}"
    less = slices.less_covered()
    overall = {aggregate.scorer: aggregate for aggregate in slices.overall}
    for row in less[:SHOWN]:
        name, whole = row.score.scorer, overall[row.score.scorer]
        yield (
            f"{slice_name(row)}: {measure_name(name)} could be scored for {percent(row.score.coverage)} "
            f"({percent(whole.coverage)} overall): its mean compares less"
        )
    if len(less) > SHOWN:
        yield f"{plural(len(less) - SHOWN, 'more slice', 'more slices')} of different coverage (`coverage_q` in summary.json)"


def told_fields(slices: Slices) -> tuple[SliceField, ...]:
    """Fields with something to show."""
    with_rows = {next(iter(row.where)) for row in slices.rows if len(row.where) == 1}
    return tuple(field for field in slices.fields if field.name in with_rows)


def rows_of(slices: Slices, field: str) -> dict[str, list[SliceRow]]:
    """Score -> the rows of one field, the most frequent value first; scores in the order of the run."""
    found: dict[str, list[SliceRow]] = {aggregate.scorer: [] for aggregate in slices.overall}
    for row in slices.rows:
        if tuple(row.where) == (field,):
            found[row.score.scorer].append(row)
    return {scorer: rows for scorer, rows in found.items() if any(row.score.mean is not None for row in rows)}


def telling(rows: dict[str, list[SliceRow]]) -> str:
    """The score to show first: that of the worst ranked slice, else the first, which is the end result if known."""
    ranked = [(row.rank, scorer) for scorer, several in rows.items() for row in several if row.rank is not None]
    return min(ranked)[1] if ranked else next(iter(rows))


def main_scores(rows: dict[str, list[SliceRow]], most: int) -> tuple[str, ...]:
    """The scores of a narrow table, in the order of the run: those that found something, then the first ones."""
    ranked = [scorer for scorer, several in rows.items() if any(row.rank is not None for row in several)]
    chosen = {*ranked[:most], *[scorer for scorer in rows if scorer not in ranked][: max(0, most - len(ranked))]}
    return tuple(scorer for scorer in rows if scorer in chosen)
