"""Pass rates by case out of folders of replays and evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from traceeval.compare import Passes, called, find_saturation
from traceeval.errors import ConfigError
from traceeval.model import SaturationReport
from traceeval.run._compare import read_folder
from traceeval.run._folders import is_replay, read_replay


def saturation_of(folders: Sequence[str | Path]) -> SaturationReport:
    """How the cases of a suite spread over versions, one a folder: of ``replay``, else of ``evaluate``.

    Raises:
        ConfigError: fewer than two versions, or a folder of neither.
    """
    if len({Path(folder).resolve() for folder in folders}) < 2:
        raise ConfigError("name the folders of two versions or more: one alone cannot show what tells them apart")
    return find_saturation({str(folder): _passes(Path(folder)) for folder in folders})


def _passes(folder: Path) -> Passes:
    """Trials whose outcome is known; what the harness failed in is no pass and no failure."""
    told: dict[str, list[bool]] = {}
    if is_replay(folder):
        for one in read_replay(folder).outcomes:
            if not one.cell.varied and one.result in ("pass", "fail"):
                told.setdefault(one.cell.scenario, []).append(one.result == "pass")
    else:
        traces = read_folder(folder).traces
        known = traces[traces["right"].notna()]
        for name, right in zip(called(known), known["right"], strict=True):
            told.setdefault(name, []).append(bool(right))
    return {case: (sum(passed) / len(passed), len(passed)) for case, passed in told.items()}
