"""A cheap look before a costly pattern: the words without one of which it cannot match."""

from __future__ import annotations

from collections.abc import Iterable


def may_hold(text: str, words: Iterable[str]) -> bool:
    """Whether a text may match a pattern, any match of which has one of these lower-case ``words``; case is ignored.

    True for every text beyond ASCII, whose letters have more than one fold.
    """
    return not text.isascii() or any(map(text.lower().__contains__, words))
