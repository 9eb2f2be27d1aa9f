"""What each trace leaves for ``--by``: its fields and the scores that are compared; on disk until the run closes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any, Self, TypeAlias

import msgspec

from traceeval.compare import Coded, Column, Measure, Observed, find_slices
from traceeval.diagnose import component_state, outcome_state
from traceeval.graph import Dossier
from traceeval.model import Component, Policy, Score, Slices
from traceeval.run._examine import Examined
from traceeval.run._fields import repeated_by, values_of
from traceeval.run._setup import Kit

OUTCOME, DEFECT, PASSED = "outcome", "defect", ".passed"
_REPEATS = "repeats"

Reading: TypeAlias = tuple[float | None, float | None, float | None]
"""(value, low, high) of one score of one trace: all None when the question does not arise, the first when it failed."""

_NONE: Reading = (None, None, None)


def measures_of(kit: Kit) -> tuple[Measure, ...]:
    """What slices are compared on: the end result, known defects, what the policy passes components on.

    Scorers that were asked for by name are compared instead of those of the policy; without a finite range none is.
    """
    policy = kit.policy
    wanted = {one.scorer for listed in policy.passes.values() for one in listed} | {
        one.scorer for one in policy.outcome
    }
    chosen = [runner for runner in kit.scorers if kit.setup.scorers or runner.name in wanted]
    return (
        Measure(name=OUTCOME),
        Measure(name=DEFECT, better="lower"),
        *(Measure(name=f"{component}{PASSED}") for component in Component if policy.passes.get(component.value)),
        *(
            Measure(name=one.name, better=one.scorer.better, range=one.scorer.range, unit=one.scorer.unit)
            for one in chosen
            if one.scorer.range is not None
        ),
    )


@dataclass(slots=True)
class SliceRows:
    """The rows of one batch. ``table``: as a ``pyarrow.RecordBatch``."""

    by: Sequence[str]
    measures: Sequence[Measure]
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, examined: Examined, policy: Policy) -> None:
        """One row for one trace."""
        dossier = examined.dossier
        self._put(_REPEATS, repeated_by(dossier.trace))
        for name in self.by:
            self._put(f"by:{name}", msgspec.json.encode(values_of(name, dossier)).decode())
        for measure in self.measures:
            for part, value in zip(("value", "low", "high"), reading_of(measure.name, dossier, policy), strict=True):
                self._put(f"{part}:{measure.name}", value)

    def _put(self, column: str, value: Any) -> None:
        self.columns.setdefault(column, []).append(value)

    def table(self) -> Any:
        """Texts and numbers; a missing number is null."""
        import pyarrow as pa

        texts = (_REPEATS, *(f"by:{name}" for name in self.by))
        arrays = {
            name: pa.array(values, type=pa.string() if name in texts else pa.float64())
            for name, values in self.columns.items()
        }
        return pa.RecordBatch.from_pydict(arrays)


def reading_of(name: str, dossier: Dossier, policy: Policy) -> Reading:
    """One measure of one trace; several scores of one scorer count as their mean."""
    if name == OUTCOME:
        return _of_state(outcome_state(dossier), dossier, [one.scorer for one in policy.outcome])
    if name == DEFECT:
        found = any(one.state == "defect" and one.severity >= policy.fail_from for one in dossier.findings)
        return (float(found),) * 3
    component = name.removesuffix(PASSED)
    if name.endswith(PASSED) and component in policy.passes:
        return _of_state(
            component_state(dossier, Component(component)), dossier, [one.scorer for one in policy.passes[component]]
        )
    return _of_scores(dossier.scores.get(name, ()))


def _of_state(state: str, dossier: Dossier, scorers: Sequence[str]) -> Reading:
    """Neither passed nor failed is a failed score where one it rests on failed; else the question did not arise."""
    if state in ("passed", "failed"):
        return (float(state == "passed"),) * 3
    failed = any((score := dossier.score(name)) is not None and score.status == "failed" for name in scorers)
    return (None, 0.0, 1.0) if failed else _NONE


def _of_scores(scores: Sequence[Score]) -> Reading:
    bounds = [score.bounds or (score.value, score.value) for score in scores if score.status in ("scored", "failed")]
    known = [(low, high) for low, high in bounds if low is not None and high is not None]
    if not known:
        return _NONE
    low, high = (sum(ends) / len(known) for ends in zip(*known, strict=True))
    return (None if any(score.status == "failed" for score in scores) else low), low, high


class SliceSpool:
    """Rows of all batches on disk, so that memory does not grow with the run. Reads one column at a time."""

    def __enter__(self) -> Self:
        """Open an unnamed temporary file."""
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="traceeval-slices-")
        self._writer: Any = None
        return self

    def add(self, rows: Any) -> None:
        """Append the rows of a batch."""
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, rows.schema, compression="zstd")
        self._writer.write_batch(rows)

    def find(self, kit: Kit, seen: Sequence[str]) -> Slices | None:
        """Every slice against the rest; None when no field was asked for, or no trace came. Call once, at the end."""
        import pyarrow.parquet as pq

        if self._writer is None:
            return None
        self._writer.close()
        self._file.seek(0)
        table = pq.ParquetFile(self._file)
        observed = Observed(
            fields={name: _coded(table, f"by:{name}") for name in kit.setup.by},
            repeats=_codes(table, _REPEATS)[0],
            measures=measures_of(kit),
            read=lambda name: _numbers(table, name),
        )
        return find_slices(observed, rate=kit.policy.slice_rate, smallest=kit.policy.slice_smallest, seen=seen)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The file vanishes."""
        if self._writer is not None:
            self._writer.close()
        self._file.close()


def _codes(table: Any, name: str) -> tuple[Any, list[str]]:
    column = table.read(columns=[name]).column(0).combine_chunks().dictionary_encode()
    return column.indices.to_numpy(), column.dictionary.to_pylist()


def _coded(table: Any, name: str) -> Coded:
    codes, texts = _codes(table, name)
    return Coded(codes, [tuple(msgspec.json.decode(text)) for text in texts])


def _numbers(table: Any, name: str) -> Column:
    columns = table.read(columns=[f"{part}:{name}" for part in ("value", "low", "high")])
    value, low, high = (column.to_numpy() for column in columns.columns)
    return value, low, high
