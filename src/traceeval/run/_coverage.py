"""Evaluation data set beside a run of production: what no case asks, and which traces to make cases of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from traceeval.compare import LEAST, find_coverage, untold
from traceeval.errors import ConfigError
from traceeval.model import AskedKind, CoverageReport, Exemplar
from traceeval.run._asked import read_cases, read_production, read_titles
from traceeval.run._suggest import Suggested, suggest_traces


def coverage_of(
    folder: str | Path, suites: Sequence[str | Path], queue_level: float, *, least: float = LEAST
) -> CoverageReport:
    """How much of what production asks the cases ask. ``suites``: scenarios, replays or evaluated sets.

    Raises:
        ConfigError: no such run or suite, or no suite at all.
    """
    if not suites:
        raise ConfigError("name what is to cover production: a suite, a replay, or a folder of `evaluate`")
    report = find_coverage(read_production(Path(folder), queue_level), read_cases(suites), least=least)
    shown = (one.trace for kind in report.kinds for one in kind.exemplars)
    titles = read_titles(Path(folder), shown)
    return msgspec.structs.replace(report, kinds=tuple(_titled(kind, titles) for kind in report.kinds))


def suggest_beside(
    folder: str | Path, suites: Sequence[str | Path], n: int, queue_level: float, *, least: float = LEAST
) -> tuple[Suggested, ...]:
    """``n`` traces as ``suggest_traces``, but only of kinds that need a case and have none; empty where all have.

    Raises:
        ConfigError: as ``coverage_of``.
    """
    among = untold(read_production(Path(folder), queue_level), read_cases(suites), least=least)
    return suggest_traces(folder, n, queue_level, among=among) if among else ()


def _titled(kind: AskedKind, titles: dict[str, str]) -> AskedKind:
    shown: tuple[Exemplar, ...] = tuple(
        msgspec.structs.replace(one, title=titles.get(one.trace, "")) for one in kind.exemplars
    )
    return msgspec.structs.replace(kind, exemplars=shown)
