"""A page of one report: a verdict, notes, plots, tables. Self-contained, no script; whatever a trace says is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from traceeval.report._style import page_style
from traceeval.report.html import environment, markup


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


def places(flags: Iterable[bool]) -> frozenset[int]:
    """Where it is true."""
    return frozenset(place for place, flag in enumerate(flags) if flag)
