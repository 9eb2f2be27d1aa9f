"""Standard input and pipes are read once; what has to be read again is kept in temporary files until the command ends."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager


@contextmanager
def reopenable(paths: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The paths, with ``-`` and every pipe replaced by a file that holds what it said."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(_kept(path)) for path in paths)


@contextmanager
def _kept(path: str) -> Iterator[str]:
    if path != "-" and not (os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode)):
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="stdin-") as copy:
        if path == "-":
            shutil.copyfileobj(sys.stdin.buffer, copy)
        else:
            with open(path, "rb") as pipe:
                shutil.copyfileobj(pipe, copy)
        copy.flush()
        yield copy.name
