"""The texts of a call and of what the assistant said, for rules that look for words."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.graph._call import Call
from traceeval.graph._encoded import decodings
from traceeval.graph._flow import walk

_MOST = 100_000


def strings_of(call: Call, *, hidden: bool = False) -> Iterator[str]:
    """Every string a call was given, or its raw arguments where they did not parse; ``hidden``: what they encode too."""
    texts = [value for _, value in walk(call.arguments) if isinstance(value, str)]
    for text in [call.raw or ""] if call.arguments is None else texts:
        plain = text[:_MOST]
        if plain:
            yield plain
            yield from (one.text for one in decodings(plain) if hidden)
