"""Standard input is read once; what has to be read again is kept in a temporary file until the command ends."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def reopenable(paths: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The paths, with ``-`` replaced by a file that holds what standard input said."""
    if "-" not in paths:
        yield tuple(paths)
        return
    with tempfile.NamedTemporaryFile(prefix="stdin-") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield tuple(copy.name if path == "-" else path for path in paths)
