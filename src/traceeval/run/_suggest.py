"""Which traces of production to make scenarios of: a sample that stands for all, by what they are like and how risky."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from traceeval.errors import ConfigError
from traceeval.measures.sampling import evenly
from traceeval.run._compare import read_folder
from traceeval.run._traces import called_tools

Stratum: TypeAlias = tuple[bool, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """One trace. ``level``: its risk, 0 to 1; ``stands_for``: how many traces are like it, itself included, a seat's share.

    ``tools``: those it called, sorted; ``codes``: its findings; ``title``: the beginning of what was asked, redacted.
    """

    trace: str
    title: str
    level: float
    risky: bool
    tools: tuple[str, ...]
    codes: tuple[str, ...]
    stands_for: float


def suggest_traces(
    folder: str | Path, n: int, queue_level: float, *, among: Collection[str] | None = None
) -> tuple[Suggested, ...]:
    """``n`` traces of a run that ``traceeval evaluate`` wrote, the riskiest strata first.

    Traces of one stratum called the same tools, have the same findings, and are all at or over ``queue_level`` or all
    under it. Every stratum has a seat while there are any, large ones have more; in a stratum they lie evenly over its
    risk. Without chance: one folder, one sample. ``among``: only of these traces.

    Raises:
        ConfigError: no such run, or nothing in it.
    """
    traces = read_folder(Path(folder)).traces
    traces = traces[traces["trial"].isna()]
    if among is not None:
        traces = traces[traces["trace"].isin(among)]
    if traces.empty:
        raise ConfigError(f"{folder}: no trace of production in it; traces of replays are scenarios already")
    strata: dict[Stratum, list[dict[str, Any]]] = {}
    rows: Any = traces.to_dict("records")
    for row in rows:
        strata.setdefault(_stratum(row, queue_level), []).append(row)
    seats = _seats({name: len(rows) for name, rows in strata.items()}, min(n, len(traces)))
    found = [one for name, count in seats.items() for one in _drawn(name, strata[name], count)]
    return tuple(sorted(found, key=lambda one: (not one.risky, -one.level, one.trace)))


def _stratum(row: dict[str, Any], queue_level: float) -> Stratum:
    return row["level"] >= queue_level, called_tools(row["tools"]), tuple(row["codes"])


def _seats(sizes: dict[Stratum, int], n: int) -> dict[Stratum, int]:
    """A seat each, risky and large ones first; the others by highest averages with divisors 1, 3, 5, ...

    No stratum has more seats than traces. Source: Sainte-Laguë (1910).
    """
    first = sorted(sizes, key=lambda name: (not name[0], -sizes[name], name))[:n]
    seats = dict.fromkeys(first, 1)
    heap = [(-sizes[name] / 3, name) for name in first if sizes[name] > 1]
    heapq.heapify(heap)
    for _ in range(n - len(first)):
        _, name = heapq.heappop(heap)
        seats[name] += 1
        if seats[name] < sizes[name]:
            heapq.heappush(heap, (-sizes[name] / (2 * seats[name] + 1), name))
    return seats


def _drawn(name: Stratum, rows: Sequence[dict[str, Any]], count: int) -> Iterator[Suggested]:
    from traceeval.review.redact import redact_text  # the review room costs a database library

    ordered = sorted(rows, key=lambda row: (row["level"], row["trace"]))
    risky, tools, codes = name
    for row in (ordered[place] for place in evenly(len(ordered), count)):
        yield Suggested(
            trace=row["trace"],
            title=redact_text(row["title"]) if isinstance(row["title"], str) else "",
            level=float(row["level"]),
            risky=risky,
            tools=tools,
            codes=codes,
            stands_for=len(rows) / count,
        )
