"""A page of one report: a verdict, notes, plots, tables. Self-contained, no script; whatever a trace says is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from traceeval.report._style import page_style
from traceeval.report.html import environment, markup

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of text, the first cell a heading. ``right``: columns of numbers; ``flagged``: rows that are bad, by place.

    ``id``, ``title``, ``caption``, ``columns`` and ``empty`` are words of ours.
    """

    id: str
    title: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[str] = frozenset()
    flagged: frozenset[int] = frozenset()
    empty: str = "None."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on the page, from top to bottom. ``plots``: SVG whose text is escaped already."""

    name: str
    headline: str
    notes: tuple[str, ...]
    plots: tuple[str, ...]
    tables: tuple[Table, ...]


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Write the page."""
    template = environment().get_template("sheet.html.j2")
    page = template.render(sheet=sheet, style=markup(page_style()), plots=[markup(plot) for plot in sheet.plots])
    path.write_text(page, encoding="utf-8")


def rows_table(
    id: str,
    title: str,
    rows: Sequence[T],
    empty: str,
    *,
    caption: str,
    columns: tuple[str, ...],
    cells: Callable[[T], tuple[str, ...]],
    bad: Callable[[T], bool],
) -> Table:
    """A table of one row a value: two columns that name it, then its numbers."""
    return Table(
        id=id,
        title=title,
        caption=caption,
        columns=columns,
        rows=tuple(map(cells, rows)),
        right=frozenset(columns[2:]),
        flagged=places(map(bad, rows)),
        empty=empty,
    )


def places(flags: Iterable[bool]) -> frozenset[int]:
    """Where it is true."""
    return frozenset(place for place, flag in enumerate(flags) if flag)
