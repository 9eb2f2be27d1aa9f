"""One file of many, the same bytes for the same contents on any machine: stored, sorted, undated.

Nothing is compressed: compressors differ between machines, and the bytes are the promise.
"""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

from traceeval.errors import LimitExceeded
from traceeval.report.audit.verify import directory, local_header

MOST = 2**32 - 1
_CHUNK = 2**20


def zip_folder(folder: Path, out: Path) -> None:
    """Write every file of a folder to ``out``. Names are ASCII.

    Raises:
        LimitExceeded: over 4 GiB.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    total = sum((folder / name).stat().st_size for name in names)
    if total > MOST - 2**20:
        raise LimitExceeded(f"{out}: {total:,} bytes are more than a pack holds (4 GiB)")
    entries = []
    with out.open("wb") as target:
        for name in sorted(names, key=str.encode):
            path = folder / name
            entries.append((name.encode("ascii"), _crc(path), path.stat().st_size))
            target.write(local_header(*entries[-1]))
            with path.open("rb") as source:
                shutil.copyfileobj(source, target, _CHUNK)
        target.write(directory(entries))


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
    return crc
