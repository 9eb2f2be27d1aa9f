"""Turns in order. A turn with a guard waits until it holds; of those that wait the first that fits is said."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.model import ToolRequest
from traceeval.model.user import User
from traceeval.replay._events import Reply
from traceeval.replay.users._guards import holds, unforeseen


class Scripted:
    """Says each turn once. A turn without a guard is said when all before it were said or do not fit."""

    def __init__(self, user: User) -> None:
        self._left = list(user.turns)
        self._on_unmatched = user.on_unmatched

    def first(self) -> str:
        """The first turn."""
        return self._left.pop(0).say

    def reply(self, said: str, calls: Sequence[ToolRequest]) -> Reply:
        """The first turn that fits."""
        for place, turn in enumerate(self._left):
            if holds(turn.when, said, calls):
                return Reply(text=self._left.pop(place).say)
        return unforeseen(said, self._on_unmatched)
