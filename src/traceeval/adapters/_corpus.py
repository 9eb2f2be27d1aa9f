"""A list of the documents in an index: one id a line, or one JSON object a line with its id, as BEIR writes a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from traceeval.adapters._bytes import open_bytes
from traceeval.adapters._records import BOM
from traceeval.errors import InputError

_KEYS = ("_id", "id", "doc_id", "docno")


def read_corpus(path: str | Path) -> Iterator[str]:
    """Document ids of a corpus list, plain or gzipped; of a table the first column.

    Raises:
        InputError: no such file, or a line that names no document.
    """
    with open_bytes(str(path)) as stream:
        for number, line in enumerate(stream, 1):
            text = line.removeprefix(BOM).decode("utf-8", "replace").rstrip("\r\n")
            if text.strip():
                yield _named(text, f"{path}:{number}")


def _named(text: str, where: str) -> str:
    if not text.startswith("{"):
        return text.partition("\t")[0].strip()
    try:
        row = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(f"{where}: no JSON object: {error}; write one document id a line") from error
    found = next((row[key] for key in _KEYS if isinstance(row.get(key), str | int)), None)
    if found is None:
        raise InputError(f"{where}: none of {', '.join(_KEYS)} in it; write one document id a line")
    return str(found)
