"""The audit pack as bytes to download; a record that does not hold is not packed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from traceeval.errors import Refused
from traceeval.review import Store, verify
from traceeval.run import measured_parts, write_pack


def packed(store: Store) -> bytes:
    """The pack of everything in a store.

    Raises:
        Refused: the record is not intact.
    """
    found = verify(store)
    if found.problem is not None:
        raise Refused(f"the record is not intact, so nothing is packed: {found.problem}")
    with tempfile.TemporaryDirectory(prefix="traceeval-pack-") as folder:
        out = Path(folder) / "audit-pack.zip"
        write_pack(store, out, measured_parts(store), ())
        return out.read_bytes()
