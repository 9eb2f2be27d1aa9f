"""What adapters see before they are chosen: the container and the outline of the first record, never the file name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BufferedReader
from typing import Literal

from traceeval.adapters._outline import outline
from traceeval.adapters._records import BOM, alone, is_lines
from traceeval.model import Json

Container = Literal["lines", "document", "table", "binary", "text", "empty"]
_FIRST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The beginning of a file.

    ``keys``: those of the first object, with their values as far as they are whole. ``lines``: the first whole lines of
    a text that does not begin as JSON.
    """

    head: bytes
    container: Container
    keys: Mapping[str, Json] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


def sample_of(stream: BufferedReader) -> Sample:
    """Look at the beginning of a stream without consuming it."""
    head = stream.peek(1).removeprefix(BOM)
    start = b"\n" if _protobuf(head) else head.lstrip()[:1]
    if not start:
        return Sample(head=head, container="empty")
    if start in (b"{", b"["):
        lines = is_lines(head) or alone(head)
        good = next((line for line in head.split(b"\n")[:_FIRST_LINES] if alone(line)), head) if lines else head
        keys = outline(good.decode("utf-8", "replace"))
        return Sample(head=head, container="lines" if lines else "document", keys=keys)
    return _other(head)


def _protobuf(head: bytes) -> bool:
    """Its first tag is a line feed, and what follows may look like a brace: control bytes soon tell."""
    return head[:1] == b"\n" and any(byte < 32 and byte not in b"\t\r\n" for byte in head[1:64])


def _other(head: bytes) -> Sample:
    try:
        text = head[: head.rfind(b"\n") + 1 or len(head)].decode()
    except UnicodeDecodeError:
        return Sample(head=head, container="binary")
    if any(ord(char) < 32 and char not in "\t\r\n\x1e" for char in text):
        return Sample(head=head, container="binary")
    lines = tuple(line for line in text.splitlines()[:_FIRST_LINES] if line.strip())
    if is_lines(head):
        good = next(line for line in head.split(b"\n") if alone(line))
        keys = outline(good.decode("utf-8", "replace"))
        return Sample(head=head, container="lines", keys=keys, lines=lines)
    widths = {len(line.split("\t") if "\t" in line else line.split()) for line in lines}
    return Sample(head=head, container="table" if len(widths) == 1 else "text", lines=lines)
