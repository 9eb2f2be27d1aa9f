"""What ``evaluate`` and ``replay`` wrote, read back: what is missing, damaged or of another version is said here and once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from traceeval.errors import ConfigError, InputError
from traceeval.model import Summary, TrialOutcome, Value
from traceeval.model.replayed import Manifest
from traceeval.run._journal import MANIFEST, OUTCOMES
from traceeval.run._output import SCORES, SUMMARY, TRACES
from traceeval.run._traces import TraceRow

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
_AGAIN, _REPLAY_AGAIN = "run `traceeval evaluate` again", "replay again"


def decoded(where: str | Path, content: bytes, kind: type[T], way_out: str = "") -> T:
    """JSON of ours as a value. ``way_out``: what to do where it is none.

    Raises:
        InputError: it is damaged, or another version wrote it.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        told = f"; it is damaged, or another version wrote it: {way_out}" if way_out else ""
        raise InputError(f"{where}: cannot be read: {error}{told}") from error


def read_summary(folder: Path) -> Summary:
    """The summary of a folder that ``evaluate`` wrote.

    Raises:
        ConfigError: there is none.
        InputError: it is damaged, or another version wrote it.
    """
    if not (folder / SUMMARY).is_file():
        raise ConfigError(f"{folder}: no {SUMMARY} there; name a folder that `traceeval evaluate --out` wrote")
    return decoded(folder / SUMMARY, (folder / SUMMARY).read_bytes(), Summary, _AGAIN)


def traces_file(folder: Path) -> Path:
    """Where its ``traces.parquet`` lies, once it has every column that we write today.

    Raises:
        ConfigError: there is none, or an older version wrote it.
        InputError: it is damaged.
    """
    return _table(folder, TRACES, TraceRow._fields)


def scores_file(folder: Path, columns: Sequence[str]) -> Path:
    """Where its ``scores.parquet`` lies, once it has these columns.

    Raises:
        ConfigError: there is none, or an older version wrote it.
        InputError: it is damaged.
    """
    return _table(folder, SCORES, columns)


def _table(folder: Path, name: str, columns: Sequence[str]) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = folder / name
    try:
        known = pq.read_schema(place).names if place.is_file() else []
    except pa.ArrowException as error:
        raise InputError(f"{place}: cannot be read: {error}; {_AGAIN}") from error
    if missing := [one for one in columns if one not in known]:
        told = f"{name} has no {missing[0]}" if known else f"no {name} there"
        raise ConfigError(f"{folder}: {told}; an older version wrote it: {_AGAIN}")
    return place


def read_traces(folder: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Its ``traces.parquet``, or some columns of it.

    Raises:
        ConfigError: there is none, or an older version wrote it.
        InputError: it is damaged.
    """
    return _read(traces_file(folder), columns)


def read_scores(folder: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Some columns of its ``scores.parquet``.

    Raises:
        ConfigError: there is none, or an older version wrote it.
        InputError: it is damaged.
    """
    return _read(scores_file(folder, columns), columns)


def _read(place: Path, columns: Sequence[str] | None) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    try:
        return pd.read_parquet(place, columns=None if columns is None else list(columns))
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{place}: cannot be read: {error}; {_AGAIN}") from error


class _Row(Value, frozen=True):
    """A line of ``outcomes.jsonl``."""

    agent: str | None
    outcome: TrialOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFolder:
    """A finished replay: what was replayed, and the outcome of each of the agent's trials, in the order of the plan."""

    manifest: Manifest
    outcomes: tuple[TrialOutcome, ...]


def is_replay(folder: str | Path) -> bool:
    """Whether a finished replay lies there."""
    return (Path(folder) / MANIFEST).is_file() and (Path(folder) / OUTCOMES).is_file()


def read_replay(folder: str | Path) -> ReplayFolder:
    """Read one back.

    Raises:
        ConfigError: there is none, or it did not finish.
        InputError: it is damaged, or another version wrote it.
    """
    root = Path(folder)
    if not is_replay(root):
        raise ConfigError(f"{root}: no finished replay; `traceeval replay --out {root}` writes one")
    manifest = decoded(root / MANIFEST, (root / MANIFEST).read_bytes(), Manifest, _REPLAY_AGAIN)
    with (root / OUTCOMES).open("rb") as lines:
        rows = [
            decoded(f"{root / OUTCOMES}:{number}", line, _Row, _REPLAY_AGAIN) for number, line in enumerate(lines, 1)
        ]
    return ReplayFolder(manifest=manifest, outcomes=tuple(row.outcome for row in rows if row.agent is None))
