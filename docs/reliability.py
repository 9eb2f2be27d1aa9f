"""Writes the tables of ``docs/reliability.md`` from the figures that soaks noted: ``python docs/reliability.py [FILE]``.

FILE holds what ``make soak`` measured now; its figures replace those of the same check, on the same database where it
names one, in ``docs/reliability.jsonl``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

DOCS = Path(__file__).resolve().parent
KEPT, PAGE = DOCS / "reliability.jsonl", DOCS / "reliability.md"
BEGIN, END = "<!-- figures: written by docs/reliability.py -->", "<!-- end of figures -->"

Figures = dict[str, list[str]]


def read(path: Path) -> Figures:
    """Check -> its figures, in the order they were noted."""
    found: Figures = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["check"], []).append(row["figure"])
    return found


def renewed(kept: Figures, noted: Figures) -> Figures:
    """What was kept, without what was measured again: a run without PostgreSQL leaves what was measured on it."""
    again = {check: {database(figure) for figure in figures} for check, figures in noted.items()}
    old = {
        check: [figure for figure in figures if database(figure) not in again.get(check, ())]
        for check, figures in kept.items()
    }
    return {check: [*old.get(check, ()), *noted.get(check, ())] for check in {**old, **noted}}


def database(figure: str) -> str:
    """What a figure was measured on: what it begins with, where that is a database."""
    name = figure.partition(":")[0]
    return name if name in ("sqlite", "postgres") else ""


def table(figures: Mapping[str, Iterable[str]]) -> str:
    """The table between the marks of the page."""
    rows = [f"| {check} | {figure} |" for check in sorted(figures, key=number) for figure in figures[check]]
    return "\n".join([BEGIN, "", "| check | last measured |", "| --- | --- |", *rows, "", END])


def number(check: str) -> tuple[int, str]:
    """Checks are sorted by the number they begin with."""
    found = re.match(r"\d+", check)
    return int(found.group()) if found else 0, check


def main(arguments: list[str]) -> None:
    """Take in new figures and rewrite the table."""
    figures = read(KEPT) if KEPT.exists() else {}
    for path in arguments:
        figures = renewed(figures, read(Path(path)))
    lines = [
        json.dumps({"check": check, "figure": figure}, ensure_ascii=False) for check in sorted(figures, key=number)
        for figure in figures[check]
    ]  # fmt: skip
    KEPT.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + table(figures) + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
