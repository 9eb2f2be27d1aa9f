"""The folder of a replay. While it runs every finished trial is a line of a journal; when all are done it is closed for good.

A run that was killed leaves the journal, and ``--resume`` repeats none of its trials. A line cut in the middle is dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from traceeval.errors import ConfigError, OutputExists
from traceeval.model import Json, Trial, Value
from traceeval.run._trials import Judged

JOURNAL, MANIFEST, TRACES, OUTCOMES, TRIALS, SUMMARY = (
    "journal.jsonl",
    "manifest.json",
    "traces.jsonl",
    "outcomes.jsonl",
    "trials.jsonl",
    "replay.json",
)
"""``manifest.json`` comes last: a folder that has one is complete."""


class Manifest(Value, frozen=True):
    """What was replayed. Two folders with one ``sha256`` hold trials of the same thing.

    ``scenarios``: id -> digest of the scenario as written, defaults included. ``files``: digest of every file of the suite.
    ``agent_sha256``: of its code, where that is a file. ``sandbox``, ``clock``: the levels in force, by agent.
    ``created``: when its last trial was judged, ISO 8601; empty where an older version wrote it.
    """

    suite: str
    version: str
    files: str
    scenarios: Mapping[str, str]
    agent: str
    agent_sha256: str | None
    traceeval: str
    trials: int
    seeds: tuple[int, ...]
    only: str | None = None
    sandbox: Mapping[str, str] = {}
    clock: Mapping[str, str] = {}
    created: str = ""

    @property
    def identity(self) -> str:
        """What has to be the same for a resumed run to go on, as one digest."""
        from hashlib import sha256

        told = msgspec.structs.replace(self, sandbox={}, clock={}, created="")
        return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


@dataclass
class Journal:
    """A folder being filled. ``done``: ids of trials it already has, by (agent, trial)."""

    folder: Path
    manifest: Manifest
    resume: bool = False
    done: set[tuple[str | None, str]] = field(default_factory=set)
    _places: dict[tuple[str | None, str], tuple[int, int]] = field(default_factory=dict)
    _file: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            OutputExists: the folder is complete, or holds another run, or a run that was not asked to go on.
        """
        self._refuse_foreign()
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / JOURNAL
        if path.exists() and not self.resume:
            raise OutputExists(f"{self.folder} holds a replay that did not finish; pass --resume, or another --out")
        if path.exists():
            self._read(path)
        self._file = path.open("ab")
        if not self._file.tell():
            self._line({"identity": self.manifest.identity})
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; the journal stays until ``finish``."""
        if self._file is not None:
            self._file.close()

    def add(self, agent: str | None, trial: str, line: bytes) -> None:
        """One finished trial, on disk before this returns."""
        assert self._file is not None
        self._places[agent, trial] = (self._file.tell(), len(line))
        self.done.add((agent, trial))
        self._file.write(line + b"\n")
        self._sync()

    def judged(self, keys: Iterable[tuple[str | None, str]]) -> Iterator[Judged]:
        """Trials in that order."""
        decoder = msgspec.json.Decoder(Judged)
        with (self.folder / JOURNAL).open("rb") as file:
            for key in keys:
                start, length = self._places[key]
                file.seek(start)
                yield decoder.decode(file.read(length))

    def finish(self, keys: Iterable[tuple[str | None, str]], manifest: Manifest, summary: bytes) -> None:
        """Write every file in the order of the plan, the manifest last, and let the journal go."""
        encoder = msgspec.json.Encoder()
        names = (TRACES, OUTCOMES, TRIALS)
        files = [(self.folder / f".{name}").open("wb") for name in names]
        for judged in self.judged(keys):
            if judged.agent is None:
                files[0].write(encoder.encode(judged.trial.trace) + b"\n")
                files[2].write(encoder.encode(_without_trace(judged.trial)) + b"\n")
            files[1].write(encoder.encode({"agent": judged.agent, "outcome": judged.outcome}) + b"\n")
        for file in files:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        (self.folder / f".{SUMMARY}").write_bytes(summary)
        (self.folder / f".{MANIFEST}").write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        for name in (*names, SUMMARY, MANIFEST):
            os.replace(self.folder / f".{name}", self.folder / name)
        (self.folder / JOURNAL).unlink()

    def _refuse_foreign(self) -> None:
        if (self.folder / MANIFEST).exists():
            raise OutputExists(f"{self.folder} holds a finished replay, which is never changed; choose another --out")
        known = {JOURNAL, *(f".{name}" for name in (TRACES, OUTCOMES, TRIALS, SUMMARY, MANIFEST))}
        known |= {name.removeprefix(".") for name in known} if (self.folder / JOURNAL).exists() else set()
        if self.folder.exists() and (
            foreign := sorted(one.name for one in self.folder.iterdir() if one.name not in known)
        ):
            raise OutputExists(
                f"{self.folder} holds {', '.join(foreign[:3])}, which no replay wrote; choose another --out"
            )

    def _read(self, path: Path) -> None:
        """Take over every whole line; cut off what a crash left half written."""
        with path.open("rb") as file:
            head = file.readline()
            if not head.endswith(b"\n"):
                os.truncate(path, 0)
                return
            if msgspec.json.decode(head) != {"identity": self.manifest.identity}:
                raise ConfigError(
                    f"{self.folder}: --resume: the suite, the agent, the options or traceeval have changed since; "
                    "choose another --out"
                )
            place = file.tell()
            for line in file:
                if not line.endswith(b"\n"):
                    break
                judged = msgspec.json.decode(line, type=Judged)
                self._places[judged.agent, judged.trial.id] = (place, len(line) - 1)
                self.done.add((judged.agent, judged.trial.id))
                place += len(line)
        os.truncate(path, place)

    def _line(self, value: Json) -> None:
        assert self._file is not None
        self._file.write(msgspec.json.encode(value) + b"\n")
        self._sync()

    def _sync(self) -> None:
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())


def _without_trace(trial: Trial) -> Json:
    """A trial as the harness's own record: labels of faults and payloads stand here and in no trace."""
    row = msgspec.to_builtins(trial)
    row["trace"] = trial.trace.id
    return row
