"""Drafted tool annotations as the YAML a person confirms.

Names come from strangers' traces: a name that is no plain word is quoted with every other character escaped, and in
comments it is neutralised, so that no name can add a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from traceeval.graph import Draft, Line
from traceeval.measures.safe_text import inline
from traceeval.model import Json

CONFIRM = "confirm me"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*")
_WORDS = frozenset("y n yes no on off true false null".split())
_LONGEST = 200
_WIDTH = 34
_HEAD = """\
# Drafted by `traceeval annotate` from {traces} traces. Every line marked "{confirm}" is a guess with its reason: read it,
# correct it, and delete the mark. Lines that are commented out are proposals: nothing in the traces decides them.
# What each field means: traceeval schema tools. What an open field would unlock: traceeval lint tools THIS_FILE TRACES...
version: 1
tools:{empty}
"""


def as_yaml(drafts: Iterable[Draft], traces: int) -> str:
    """A ``tools.yaml``; ``load_tools`` reads it as it is."""
    listed = list(drafts)
    head = _HEAD.format(traces=traces, confirm=CONFIRM, empty="" if any(_named(d) for d in listed) else " {}")
    return head + "".join(f"{line}\n" for draft in listed for line in _lines(draft))


def _named(draft: Draft) -> bool:
    return len(draft.name) <= _LONGEST


def _lines(draft: Draft) -> Iterator[str]:
    if not _named(draft):
        yield f"  # left out: a tool whose name has {len(draft.name)} characters: {inline(draft.name, 60)}"
        return
    told = any(line.sure for line in draft.lines)
    yield _beside(f"  {scalar(draft.name)}:{'' if told else ' {}'}", inline(draft.seen))
    for line in draft.lines:
        yield _field(line)


def _field(line: Line) -> str:
    text = f"{line.field}: {flow(line.value)}"
    if not line.sure:
        return _beside(f"    # {text}", inline(line.why))
    return _beside(f"    {text}", f"{CONFIRM}: {inline(line.why)}")


def _beside(text: str, comment: str) -> str:
    return f"{text:<{_WIDTH}}  # {comment}"


def flow(value: Json) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return scalar(value) if isinstance(value, str) else str(value)


def scalar(text: str) -> str:
    """A string in YAML: plain where nothing could read it otherwise, else quoted and escaped to ASCII."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    code = ord(char)
    if 32 <= code < 127:
        return char
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
