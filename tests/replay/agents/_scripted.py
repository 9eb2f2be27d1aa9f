"""One agent, written once without any I/O: what it does next, given the results of this turn. Everything attaches it."""

from __future__ import annotations

LOOK = ("get_order", {"order_id": "BL-1"})
CANCEL = ("cancel_order", {"order_id": "BL-1"})
ASK = "Order BL-1 is open. Shall I cancel it?"
DONE = "Order BL-1 is cancelled."


def decide(turn: int, results: int) -> tuple[str, dict] | str:
    """A call, or words to the user. ``turn``: how often the user spoke; ``results``: of calls since then."""
    if turn == 1:
        return ASK if results else LOOK
    return DONE if results else CANCEL
