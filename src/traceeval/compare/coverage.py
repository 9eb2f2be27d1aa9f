"""Evaluation data against production: which kinds of what people ask no case has, and whether the cases are the easy ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traceeval.compare._meeting import meet
from traceeval.measures.interval import wilson
from traceeval.measures.resampling import DRAWS, TAIL
from traceeval.measures.sampling import evenly
from traceeval.model import COVERAGE, AskedKind, CoverageReport, Exemplar, Interval

if TYPE_CHECKING:
    from traceeval.compare._meeting import Met
    from traceeval.measures.kinds import Asked

LEAST, TILT, FEWEST_TRACES, SHOWN, LISTED = 0.01, 0.05, 20, 3, 20
"""Share that needs a case; tilt told; traces under which nothing is said; exemplars of a kind; idle cases told."""
_ORDER: dict[bool | None, int] = {True: 0, None: 1, False: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """What people asked, folded: ``things`` are all different. The rest has one entry a trace, in one order.

    ``at``: its place in ``things``; ``levels``: its risk; ``easy``: whether nothing speaks against it.
    """

    things: Sequence[Asked]
    traces: Sequence[str]
    at: Sequence[int]
    levels: Sequence[float]
    easy: Sequence[bool]


def find_coverage(
    production: Production, cases: Mapping[str, Sequence[Asked]], *, least: float = LEAST, seed: int = 0
) -> CoverageReport:
    """``cases``: name -> every way it is asked. ``least``: the share of production from which a kind needs a case."""
    n = len(production.traces)
    by_words = sum(any(one.tools is None for one in ways) for ways in cases.values())
    empty = CoverageReport(schema_version=COVERAGE, traces=n, cases=len(cases), least=least, by_words=by_words)
    if n < FEWEST_TRACES:
        return _with(empty, why=f"with under {FEWEST_TRACES} traces no kind can be told from chance")
    met = meet(production, cases, least)
    if not met.gap:
        return _with(empty, scattered=n, why="hardly any two traces are asked alike: there are no kinds")
    return _eased(_found(empty, production, cases, met), met, production.easy, seed)


def untold(production: Production, cases: Mapping[str, Sequence[Asked]], *, least: float = LEAST) -> frozenset[str]:
    """The traces of kinds that need a case and have none."""
    met = meet(production, cases, least)
    return frozenset(
        trace for trace, kind in zip(production.traces, met.of, strict=True) if kind >= 0 and met.gap[kind]
    )


def _found(
    empty: CoverageReport, production: Production, cases: Mapping[str, Sequence[Asked]], met: Met
) -> CoverageReport:
    import numpy as np

    n, kinds, of = empty.traces, met.kinds, met.of
    lone = np.flatnonzero((kinds.of < 0) & ~met.silent)
    near = np.zeros(len(kinds.of), dtype=bool)
    ways = [one for several in cases.values() for one in several]
    near[lone] = kinds.near([production.things[at] for at in lone.tolist()], ways)
    seen = np.where(of >= 0, met.like.any(axis=0)[of], near[np.asarray(production.at)])
    rows = [_kind(met, production, np.flatnonzero(of == at), at) for at in range(len(met.gap))]
    idle = [name for name, met_ in zip(cases, met.like.any(axis=1) | met.told, strict=True) if not met_]
    scattered = int(((of < 0) & ~seen).sum())
    open_ = sum(row.traces for row in rows if row.gap is None)
    return _with(
        empty,
        kinds=tuple(sorted(rows, key=lambda row: (_ORDER[row.gap], -row.traces))),
        covered=_bounded(int(seen.sum()), scattered + open_, n),
        scattered=scattered,
        by_documents=met.by_documents,
        small=sum(row.traces for row in rows if not row.cases and row.gap is False),
        idle=tuple(idle[:LISTED]),
        idle_cases=len(idle),
        easy=share_of(sum(production.easy), n),
    )


def _kind(met: Met, production: Production, inside: Any, at: int) -> AskedKind:
    n = len(inside)
    ordered = sorted((production.levels[one], production.traces[one]) for one in inside)
    shown = (ordered[place] for place in evenly(n, min(n, SHOWN)))
    return AskedKind(
        share=share_of(n, len(production.traces)),
        traces=n,
        words=met.kinds.words(at),
        tools=met.kinds.tools(at),
        cases=int(met.like[:, at].sum()),
        beside=int(met.beside[at]),
        easy=sum(production.easy[one] for one in inside) / n,
        gap=met.gap[at],
        exemplars=tuple(Exemplar(trace=trace, level=level) for level, trace in shown),
    )


def _eased(report: CoverageReport, met: Met, easy: Sequence[bool], seed: int) -> CoverageReport:
    """Draws of traces: cases are what they are. A case that is like several kinds stands for all of them, by their size."""
    import numpy as np

    weights = met.like[met.like.any(axis=1)].astype(np.float64)
    if not len(weights):
        return report
    count = len(met.gap) + 1
    cells = np.bincount(2 * met.of + np.asarray(easy, dtype=bool) + 2, minlength=2 * count).astype(
        np.float64
    )  # first the scattered
    draws = np.random.default_rng(seed).multinomial(report.traces, cells / report.traces, size=DRAWS)
    both = np.vstack([cells, draws]).reshape(len(draws) + 1, count, 2)
    whole = both[:, :, 1].sum(axis=1) / report.traces
    easy_of, all_of = both[:, 1:, 1] @ weights.T, both[:, 1:].sum(axis=2) @ weights.T
    shares = np.divide(easy_of, all_of, out=np.full(all_of.shape, np.nan), where=all_of > 0)
    cases = np.nansum(shares, axis=1) / np.maximum((all_of > 0).sum(axis=1), 1)
    easier = _drawn(cases - whole, len(weights))
    low, value = easier.low or 0.0, easier.value or 0.0
    return _with(report, easy_cases=_drawn(cases, len(weights)), easier=easier, tilted=bool(low > 0 and value >= TILT))


def _drawn(values: Any, n: int) -> Interval:
    """The first is the figure, the others are its draws."""
    import numpy as np

    low, high = np.quantile(values[1:], [TAIL, 1 - TAIL])
    return Interval(value=float(values[0]), low=float(low), high=float(high), n=n)


def share_of(hits: float, n: int) -> Interval:
    """A share with Wilson's interval."""
    low, high = wilson(hits, n) or (None, None)
    return Interval(value=hits / n, low=low, high=high, n=n)


def _bounded(hits: int, open_: int, n: int) -> Interval:
    """A share of which ``open_`` may be either; its interval is that of the worst at the low end, the best at the high."""
    lowest, highest = share_of(hits, n), share_of(hits + open_, n)
    return Interval(value=hits / n, low=lowest.low, high=highest.high, n=n)


def _with(report: CoverageReport, **told: Any) -> CoverageReport:
    import msgspec

    return msgspec.structs.replace(report, **told)
