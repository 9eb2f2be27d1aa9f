"""Two versions side by side in the terminal: what got worse, what got better, how sure that is, and where they part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from traceeval.measures.safe_text import inline
from traceeval.model import Change, Comparison, Divergence, Moved, SliceChange
from traceeval.report._numbers import NONE, count, number, percent, plural, seconds
from traceeval.report._table import table_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

ORDER = ("regressed", "improved", "equivalent", "undecided")
PROVEN = ORDER[:2]
_WORDS = {"regressed": "worse", "improved": "better", "equivalent": "equal", "undecided": "?"}
BY = {"scenario": "scenario", "inputs": "what people said", "trace": "trace id"}
_LISTED, _PARTED, _WIDE = 5, 3, 110


def render_comparison(found: Comparison, console: Console) -> None:
    """Print what was compared and what it shows."""
    from rich.text import Text

    for line in comparison_headline(found):
        console.print(Text(line, style="bold"))
    for title, table in _tables(found):
        console.print(Text(f"\n{title}", style="bold cyan"))
        console.print(table)
    for part in found.divergences[:_PARTED]:
        console.print(Text(f"\n{parting_line(part)}", style="bold cyan"))
        for line in _sides(part):
            console.print(Text(line), soft_wrap=True)
    console.print()
    for line in comparison_notes(found):
        console.print(Text(line, style="dim"))


def comparison_headline(found: Comparison) -> Iterator[str]:
    """What got worse and what got better, in words; then over what."""
    for verdict, word in (("regressed", "worse"), ("improved", "better")):
        names = [one.metric for one in found.changes if one.verdict == verdict]
        if names:
            yield f"{inline(found.head.name)} is {word} on {', '.join(names)}"
    if not any(one.verdict in PROVEN for one in found.changes):
        yield f"No difference between {inline(found.base.name)} and {inline(found.head.name)} is shown"
    by = ", ".join(f"{n:,} by {BY.get(key, key)}" for key, n in found.paired_by.items())
    trials = ", trials of one averaged" if found.trials else ""
    yield f"{plural(found.units, 'case')} on both sides ({by or 'none'}){trials}"


def _tables(found: Comparison) -> Iterator[tuple[str, Table]]:
    measured = [one for one in ordered(found.changes) if one.value is not None]
    if measured:
        yield "What was asked about", _changes(measured)
    for title, changes in (
        ("Other measures that changed", found.others),
        ("Findings, in shares of cases", found.findings),
    ):
        if proven := [one for one in ordered(changes) if one.verdict in PROVEN]:
            yield title, _changes(proven)
    if found.slices:
        yield "Where it changed", _slices(found.slices)
    moved = [(one, side) for one in found.changes if one.verdict == "regressed" for side in one.worst[:_LISTED]]
    if moved:
        yield "Who lost most", _moved(moved)


def ordered(changes: Sequence[Change]) -> list[Change]:
    """Worse first, then better, then what nobody can tell."""
    return sorted(changes, key=lambda one: ORDER.index(one.verdict))


def _changes(changes: Sequence[Change]) -> Table:
    table = table_of(*_HEADINGS, right=("p", "n"))
    for one in changes:
        table.add_row(*_row(one))
    return table


_HEADINGS = ("", "measure", "base → head", "change [95 %]", "p", "n")


def _row(one: Change) -> tuple[str, ...]:
    ends = f"{level(one, one.base)} → {level(one, one.head)}"
    return _WORDS[one.verdict], one.metric, ends, _moved_by(one), chance(one.adjusted), count(one.n)


def _moved_by(one: Change) -> str:
    """``−0.121 [−0.17, −0.09]``."""
    if one.value is None:
        return NONE
    low, high = (level(one, end, 2) for end in (one.low, one.high))
    return f"{level(one, one.value)} [{low}, {high}]"


def digits(one: Change) -> int:
    """Decimals that show the change: one for what is counted in whole things, else three."""
    return 1 if one.metric in ("tokens", "calls") else 3


def level(one: Change, value: float | None, most: int = 3) -> str:
    """A value of a measure, in its unit, with at most so many decimals."""
    if one.metric == "seconds" and value is not None:
        return f"{MINUS if value < 0 else ''}{seconds(abs(value))}"
    return number(value, min(most, digits(one)))


MINUS = "\N{MINUS SIGN}"


def chance(p: float | None) -> str:
    """``.031``, ``<.001``; a dash where nothing was tested."""
    return NONE if p is None else "<.001" if p < 0.001 else number(p, 3).removeprefix("0") if p < 1 else "1"


def why(one: Change) -> str:
    """Why a verdict is what it is; where no difference shows, which one would have."""
    told = [one.why] if one.why else []
    if one.verdict == "undecided" and one.detectable:
        told.append(f"{level(one, one.detectable)} would be, 4 times of 5{_enough(one)}")
    told += [
        f"{status.status.replace('_', ' ')}: {percent(status.base)} to {percent(status.head)}"
        for status in one.statuses
    ]
    return "; ".join(told)


def _enough(one: Change) -> str:
    """How many cases would show ten points, where these are too few for that."""
    return f"; 0.10 takes about {one.needed:,} cases" if one.needed is not None and one.needed > one.n else ""


def _slices(slices: Sequence[SliceChange]) -> Table:
    table = table_of(*_HEADINGS, "where", right=("p", "n"))
    for one in slices[:20]:
        table.add_row(*_row(one.change), f"{inline(one.field, 40)} = {inline(one.value, 60)}")
    return table


def _moved(units: Sequence[tuple[Change, Moved]]) -> Table:
    table = table_of("measure", "base", "head", "case", right=("base", "head"))
    for one, unit in units:
        table.add_row(one.metric, level(one, unit.base), level(one, unit.head), inline(unit.unit, 60))
    return table


def parting_line(part: Divergence) -> str:
    """Where the runs of one case part."""
    return f"{inline(part.unit, 60)} parts at step {part.step}"


def _sides(part: Divergence) -> Iterator[str]:
    yield from (f"  both  {inline(step, _WIDE)}" for step in part.before)
    yield from (f"  base  {inline(step, _WIDE)}" for step in part.base or ("it had ended",))
    yield from (f"  head  {inline(step, _WIDE)}" for step in part.head or ("it had ended",))


def comparison_notes(found: Comparison) -> Iterator[str]:
    """What could not be told and why, what was left out, and how the p-values came about."""
    silent = [one.metric for one in (*found.changes, *found.others) if not one.n]
    if silent:
        yield f"scored for no case on both sides: {', '.join(silent)}"
    for one in found.changes:
        if one.n and one.verdict not in PROVEN:
            yield f"{one.metric}: {why(one)}"
    for names, side in ((found.only_base, "base"), (found.only_head, "head")):
        if names:
            yield f"only in {side}, left out: {plural(len(names), 'case')} ({_some(names)})"
    if found.doubled:
        yield f"two recordings of one trial, left out: {_some(found.doubled)}"
    if found.changed:
        yield f"scenarios whose file is not the same, left out: {_some(found.changed)}"
    if found.parted:
        yield f"in {plural(found.parted, 'case')} of {found.units:,} the steps differ"
    yield (
        f"p is corrected for the {plural(len(found.changes), 'measure')} asked about (Holm); other measures, findings and "
        "slices by false discovery rate (Benjamini-Hochberg)"
    )
    yield from found.notes


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(inline(name, 40) for name in names[:_LISTED]) + more
