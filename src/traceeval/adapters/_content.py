"""Whether a recorded text is whole: attribute limits cut it, privacy filters replace it.

A cut JSON is never repaired.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from traceeval.adapters._json import as_text, decode
from traceeval.errors import LimitExceeded
from traceeval.model import Content, Json, Partial

_REDACTED = re.compile(
    r"\s*(?:[\[<({*]+\s*redacted[^\])>}*]*[\])>}*]+|_+redacted_+|redacted(?: (?:input|output|content|text|data))?)\s*",
    re.IGNORECASE,
)
_REDACTED_CAP = 200
_CUT_FROM = 16


def redacted(text: str) -> bool:
    """Whether a text only says that something was taken out."""
    return len(text) <= _REDACTED_CAP and _REDACTED.fullmatch(text) is not None


def cut_json(text: str) -> bool:
    """Whether a text begins as JSON and stops in the middle of it."""
    if len(text) < _CUT_FROM or text[0] not in "{[":
        return False
    try:
        decode(text.encode("utf-8", "replace"))
    except LimitExceeded:
        return False
    except ValueError as error:
        return _at_end(error, text)
    return False


def _at_end(error: ValueError, text: str) -> bool:
    at = getattr(error, "pos", None)
    return isinstance(at, int) and ("Unterminated string" in str(error) or len(text) - at <= len("false"))


def limit_of(values: Iterable[dict[str, Any]]) -> int | None:
    """The attribute length limit of a trace: the longest text's length, if a text of that length is cut JSON."""
    longest: list[str] = []
    for attributes in values:
        for value in attributes.values():
            if isinstance(value, str) and (not longest or len(value) >= len(longest[0])):
                longest = [*longest, value] if longest and len(value) == len(longest[0]) else [value]
    return len(longest[0]) if any(cut_json(text) for text in longest) else None


def content(value: Json, limit: int | None = None) -> Content:
    """A value as content: redacted where it says so, cut where its length is the limit, else whole."""
    text = as_text(value)
    if text is None:
        return None
    if redacted(text):
        return Partial(state="redacted", value=text)
    if limit is not None and len(text) >= limit:
        return Partial(state="cut", value=text)
    return text
