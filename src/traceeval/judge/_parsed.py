"""What a model replied, as the type it was asked for."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

T = TypeVar("T")
_FENCE = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")


def parsed(text: str, kind: type[T]) -> T | None:
    """The reply, with or without a code fence around it; None when it is not what was asked for."""
    try:
        return msgspec.json.decode(_FENCE.sub("", text), type=kind)
    except (msgspec.DecodeError, UnicodeError):
        return None
