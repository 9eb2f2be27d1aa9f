"""Two folders that change places in one step: whoever looks finds the old or the new one, whenever the process dies.

Python has no call for it. renameat2(2) of Linux 3.15 and later, renamex_np(2) of macOS; not every file system knows it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from traceeval.errors import OutputExists

_HERE, _EXCHANGE = -100, 2


def exchange(one: Path, other: Path) -> None:
    """Give each the other's place; both are there.

    Raises:
        OutputExists: the file system cannot; nothing is changed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = libc.renamex_np(*names, _EXCHANGE)
    else:
        failed = libc.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE)
    if failed:
        why = os.strerror(ctypes.get_errno())
        raise OutputExists(f"{other} cannot be replaced in one step here ({why}); remove it, or choose another --out")
