"""Counts as people say them."""

from __future__ import annotations


def plural(n: int, noun: str, many: str | None = None) -> str:
    """``1 trace``, ``1,204 traces``."""
    return f"{n:,} {noun if n == 1 else many or noun + 's'}"
