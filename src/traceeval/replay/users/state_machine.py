"""States with words of their own; the agent's reply decides which comes next."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.model import ToolRequest
from traceeval.model.user import State, User
from traceeval.replay._events import Reply
from traceeval.replay.users._guards import holds, unforeseen


class StateMachine:
    """Says the words of each state on entering it; ``most_turns`` ends what would go round for ever."""

    def __init__(self, user: User) -> None:
        self._states = user.states
        self._now: State = user.states[user.start or "start"]
        self._on_unmatched = user.on_unmatched
        self._left = user.most_turns

    def first(self) -> str:
        """The words of the first state."""
        return self._now.say

    def reply(self, said: str, calls: Sequence[ToolRequest]) -> Reply:
        """The words of the state the first move that fits leads to."""
        self._left -= 1
        if not self._now.moves or self._left <= 0:
            return Reply()
        move = next((move for move in self._now.moves if holds(move.when, said, calls)), None)
        if move is None:
            return unforeseen(said, self._on_unmatched)
        self._now = self._states[move.to]
        return Reply(text=self._now.say)
