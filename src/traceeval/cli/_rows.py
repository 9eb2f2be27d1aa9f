"""JSON-lines files that appear under their names only when all of them are complete."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import msgspec

from traceeval.model import Gold, Imported, Trace

TRACES = "traces.jsonl"


def row_of(record: object) -> tuple[str | None, Any]:
    """(file, row) of a record worth keeping; (None, None) of any other."""
    if isinstance(record, Trace):
        return TRACES, record
    if isinstance(record, Imported):
        return "imported.jsonl", record
    if isinstance(record, Gold):
        reference = msgspec.to_builtins(record.reference)
        return "gold.jsonl", {"trace": record.trace, "question": record.question, **reference}
    return None, None


class Rows:
    """Writes below a folder, to temporary names; leaving without an error gives the files their names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, IO[bytes]] = {}
        self._counts: dict[str, int] = {}
        self._encode = msgspec.json.Encoder().encode

    @property
    def counts(self) -> Mapping[str, int]:
        """Path of each file -> rows in it."""
        return {str(self.folder / name): count for name, count in self._counts.items()}

    def write(self, name: str, row: object) -> None:
        """Append one row."""
        file = self._files.get(name)
        if file is None:
            file = self._files[name] = (self.folder / f".{name}.{os.getpid()}").open("wb")
        file.write(self._encode(row) + b"\n")
        self._counts[name] = self._counts.get(name, 0) + 1

    def __enter__(self) -> Rows:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, file in self._files.items():
            file.close()
            if kind is None:
                os.replace(file.name, self.folder / name)
            else:
                os.unlink(file.name)
