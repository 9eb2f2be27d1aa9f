"""The audit pack as bytes to download; a record that does not hold is not packed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from traceeval.errors import Refused
from traceeval.review import Store, verify
from traceeval.run import is_decision, measured_parts, write_pack


def packed(store: Store, decision: Path | None = None) -> bytes:
    """The pack of everything in a store. ``decision``: the folder whose decision to release goes into it.

    Raises:
        Refused: the record is not intact.
        StoreFailed: the decision rests on people of another record.
    """
    found = verify(store)
    if found.problem is not None:
        raise Refused(f"the record is not intact, so nothing is packed: {found.problem}")
    with tempfile.TemporaryDirectory(prefix="traceeval-pack-") as folder:
        out = Path(folder) / "audit-pack.zip"
        write_pack(store, out, measured_parts(store), decision=_decision(decision))
        return out.read_bytes()


def _decision(folder: Path | None) -> Path | str:
    """Where the decision lies, or why there is none."""
    if folder is None:
        return "the server that made this pack was told of no decision to release (`traceeval serve --decision FOLDER`)"
    return folder if is_decision(folder) else "nothing was decided yet in the folder that the server was told of"
