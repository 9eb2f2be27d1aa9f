"""The output folder. Every file is written under another name and takes its own only when all of them are complete."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from traceeval.errors import OutputExists
from traceeval.run._batch import Result

SUMMARY, SCORES, TRACES, FINDINGS, RISK, CLAIMS, SUSPECTS, REPLAYS, ATTRIBUTION, REPORT = (
    "summary.json",
    "scores.parquet",
    "traces.parquet",
    "findings.jsonl",
    "risk.jsonl",
    "claims.jsonl",
    "suspects.jsonl",
    "replays.jsonl",
    "attribution.jsonl",
    "report.html",
)
_FILES = (SCORES, TRACES, FINDINGS, RISK, CLAIMS, SUSPECTS, REPLAYS, ATTRIBUTION, REPORT, SUMMARY)
_QUEUE = "review.db"
STAGING = ".staging-"
_GROUP = 4 << 20  # bytes


class Output:
    """A folder being written. Leaving the ``with`` block without ``finish`` leaves the old content as it was.

    Raises:
        OutputExists: on entering, when the folder holds anything that is not ours.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines: list[BinaryIO] = []
        self._tables: dict[str, _Table] = {}

    def __enter__(self) -> Self:
        """Check the folder, clear what a killed run left, and open the files."""
        self._refuse_foreign()
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"{STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)
        self.staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=self.folder))
        self._lines = [(self.staging / name).open("wb") for name in (FINDINGS, RISK, CLAIMS, SUSPECTS, ATTRIBUTION)]
        self._replays: BinaryIO | None = None
        return self

    def _refuse_foreign(self) -> None:
        if not self.folder.exists():
            return
        if not self.folder.is_dir():
            raise OutputExists(f"{self.folder} is a file; choose another --out")
        foreign = [
            entry.name
            for entry in self.folder.iterdir()
            if entry.name not in _FILES and not entry.name.startswith((STAGING, _QUEUE))
        ]
        if foreign:
            raise OutputExists(
                f"{self.folder} holds {', '.join(sorted(foreign)[:3])}, which traceeval did not write; "
                "choose another --out, or empty the folder"
            )

    def write(self, result: Result) -> None:
        """Append what one batch left behind."""
        self._table(SCORES, result.scores)
        self._table(TRACES, result.traces)
        self._lines[0].write(result.findings)
        self._lines[1].write(result.risks)
        self._lines[2].write(result.claims)
        self._lines[3].write(result.suspects)
        self._lines[4].write(result.attributions)
        if result.replays:
            if self._replays is None:
                self._replays = (self.staging / REPLAYS).open("wb")
                self._lines.append(self._replays)
            self._replays.write(result.replays)

    def _table(self, name: str, batch: Any) -> None:
        if name not in self._tables:
            self._tables[name] = _Table(self.staging / name, batch.schema)
        self._tables[name].write(batch)

    def finish(self, summary: bytes) -> None:
        """Close everything and give every file its own name.

        The old ``summary.json`` goes first and the new one comes last: a folder that has one is of a single run.
        """
        self._close()
        (self.staging / SUMMARY).write_bytes(summary)
        (self.folder / SUMMARY).unlink(missing_ok=True)
        for name in _FILES:
            path = self.staging / name
            if path.exists():
                _sync(path)
                os.replace(path, self.folder / name)
            else:  # nothing was asked again: what an older run asked is not this one's
                (self.folder / name).unlink(missing_ok=True)

    def _close(self) -> None:
        from traceeval.run._batch import COLUMNS, as_table
        from traceeval.run._traces import as_batch

        self._table(SCORES, as_table([[] for _ in COLUMNS]))
        self._table(TRACES, as_batch([]))
        for table in self._tables.values():
            table.close()
        for stream in self._lines:
            stream.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the staging folder, whatever happened."""
        for stream in self._lines:
            stream.close()
        shutil.rmtree(self.staging, ignore_errors=True)


class _Table:
    """A Parquet file that grows by groups of about ``_GROUP`` bytes, whatever the size of the batches that come."""

    def __init__(self, path: Path, schema: Any) -> None:
        import pyarrow.parquet as pq

        self._file = pq.ParquetWriter(path, schema, compression="zstd")
        self._schema = schema
        self._waiting: list[Any] = []
        self._size = 0

    def write(self, batch: Any) -> None:
        self._waiting.append(batch)
        self._size += batch.nbytes
        if self._size >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self._file.write_table(pa.Table.from_batches(self._waiting, self._schema))
        self._waiting, self._size = [], 0

    def close(self) -> None:
        if self._size:
            self._flush()
        self._file.close()


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
