"""What a PATH stands for: a file, a folder and all below it, a glob, or standard input."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from traceeval.errors import InputError


class Found(NamedTuple):
    """A file, and whether the user named it or a folder it lies in."""

    path: str
    named: bool


def expand(paths: Iterable[str | Path]) -> Iterator[Found]:
    """Files in order, each once; folders are walked, sorted, without hidden names; of a replay its traces.

    Raises:
        InputError: a path that leads to nothing.
    """
    seen: set[str] = set()
    for path in map(str, paths):
        for found in _named(path):
            if found.path not in seen:
                seen.add(found.path)
                yield found


def _named(path: str) -> Iterator[Found]:
    if path == "-" or _exists(path):
        yield from _files(path)
        return
    matches = sorted(glob.glob(path, recursive=True))
    if not matches:
        raise InputError(f"{path}: no such file or folder, and nothing matches it as a pattern")
    for name in matches:
        yield from _files(name)


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError as error:  # longer than a name may be: a trace given in place of its file, say
        raise InputError(f"{path[:60]}…: no path: {error.strerror}; give a file, a folder, or -") from error


def _files(path: str) -> Iterator[Found]:
    if not Path(path).is_dir():
        yield Found(path, named=True)
        return
    replays = {manifest.parent for manifest in Path(path).rglob("manifest.json") if _is_replay(manifest.parent)}
    for below in sorted(Path(path).rglob("*")):
        hidden = any(part.startswith(".") for part in below.relative_to(path).parts)
        beside = below.parent in replays and below.name != _TRACES
        if below.is_file() and not hidden and not beside:
            yield Found(str(below), named=False)


_TRACES, _OUTCOMES = "traces.jsonl", "outcomes.jsonl"


def _is_replay(folder: Path) -> bool:
    """Whether `traceeval replay` wrote a folder: then it stands for its traces."""
    return (folder / _TRACES).is_file() and (folder / _OUTCOMES).is_file()
