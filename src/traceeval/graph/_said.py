"""The texts of a call and of what the assistant said, for rules that look for words."""

from __future__ import annotations

from traceeval.graph._call import Call
from traceeval.graph._flow import walk

_MOST = 100_000


def strings_of(call: Call) -> list[str]:
    """Every string a call was given, or its raw arguments where they did not parse."""
    texts = [value for _, value in walk(call.arguments) if isinstance(value, str)]
    return [text[:_MOST] for text in ([call.raw] if call.arguments is None else texts) if text]
