"""Slices in the terminal: the worst ones, then each field with its values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from traceeval.measures.safe_text import inline
from traceeval.model import Slices
from traceeval.report._numbers import NONE, count, number, plural
from traceeval.report._slices import (
    SHOWN,
    at_worst,
    main_scores,
    measure_name,
    rows_of,
    slice_name,
    slices_headline,
    told_fields,
    value_name,
    worse_by,
    worst_slices,
)
from traceeval.report._table import table_of

if TYPE_CHECKING:
    from rich.table import Table

_MEASURES = 4


def slice_tables(slices: Slices) -> Iterator[tuple[str, Table]]:
    """Titles and tables; a field nobody has gives none."""
    yield slices_headline(slices), _worst(slices)
    for field in told_fields(slices):
        more = f" ({field.values:,} values, the most frequent here)" if field.values > SHOWN else ""
        yield f"By {inline(field.name, 60)}{more}", _by(slices, field.name)


def _worst(slices: Slices) -> Table:
    found = worst_slices(slices)
    if not found:
        return table_of()
    table = table_of("slice", "traces", "score", "mean", "rest", "worse by", "also", right=("traces", "mean", "rest"))
    for one in found[:SHOWN]:
        row = one.row
        low = at_worst(row.score)
        table.add_row(
            inline(slice_name(row), 60),
            count(row.traces),
            measure_name(row.score.scorer),
            number(row.score.mean) + (f", at worst {low}" if low else ""),
            number(row.rest),
            worse_by(row),
            ", ".join(one.also[:2]) + (f", {len(one.also) - 2} more" if len(one.also) > 2 else ""),
        )
    if len(found) > SHOWN:
        table.add_row(plural(len(found) - SHOWN, "more slice", "more slices"))
    return table


def _by(slices: Slices, field: str) -> Table:
    """The most frequent values; a score that is reliably worse there is marked."""
    every = rows_of(slices, field)
    rows = {scorer: every[scorer] for scorer in main_scores(every, _MEASURES)}
    names = [measure_name(scorer) for scorer in rows]
    table = table_of(inline(field, 40), "traces", *names, right=("traces", *names))
    first = {row.where[field]: row.traces for several in rows.values() for row in several}
    for value, traces in sorted(first.items(), key=lambda item: -item[1])[:SHOWN]:
        cells = []
        for several in rows.values():
            row = next((row for row in several if row.where[field] == value), None)
            shown = number(row.score.mean) if row is not None else NONE
            cells.append(f"▼ {shown}" if row is not None and row.rank is not None else shown)
        table.add_row(inline(value_name(value), 40), count(traces), *cells)
    return table
