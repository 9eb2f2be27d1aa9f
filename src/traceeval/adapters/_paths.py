"""What a PATH stands for: a file, a folder and all below it, a glob, or standard input."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

from traceeval.errors import InputError


def expand(paths: Iterable[str | Path]) -> Iterator[str]:
    """Files in order; folders are walked, sorted, without hidden names.

    Raises:
        InputError: a path that leads to nothing.
    """
    for path in map(str, paths):
        if path == "-":
            yield path
        elif Path(path).is_dir():
            yield from _below(Path(path))
        elif Path(path).exists():
            yield path
        else:
            found = sorted(glob.glob(path, recursive=True))
            if not found:
                raise InputError(f"{path}: no such file or folder, and nothing matches it as a pattern")
            yield from (file for name in found for file in ([name] if Path(name).is_file() else _below(Path(name))))


def _below(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield str(path)
