"""A trial run again with one step made otherwise, and what that says about the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Json, Value, one_of


class Call(Value, frozen=True):
    """A call with all its arguments."""

    tool: str
    args: Mapping[str, Json] = {}


class Mend(Value, frozen=True):
    """What happens at a step instead. ``span``: the step of the earlier trial, a call or a message.

    Exactly one of: ``call``: another call is asked for (``asked``: the span of the message that asks, ``place``: which of
    its calls); ``result``: the call is not made, and this text comes back; ``say``: the user hears other words; ``spare``:
    the fault or payload of the cell leaves this call alone.
    """

    span: str
    call: Call | None = None
    asked: str | None = None
    place: int = 0
    result: str | None = None
    say: str | None = None
    spare: Literal[True] | None = None

    def __post_init__(self) -> None:
        if one_of(self, "call", "result", "say", "spare") == "call" and self.asked is None:
            raise ValueError("mend: another `call` needs `asked`: the span of the message that asked for it")


class Forked(Value, frozen=True):
    """What came of mending one step in ``n`` reruns.

    ``flipped``: passed with it and failed without; ``held``: failed with it all the same. The rest cannot be told:
    ``unreached``: the rerun left the earlier trial before the step, or did not fail when nothing was mended.
    ``confirmed``: every rerun that can be told flipped; ``refuted``: none did; ``mixed``: some; ``undecided``: no rerun can be
    told; ``nothing_to_mend``: the step is as it should be.
    """

    span: str
    verdict: Literal["confirmed", "refuted", "mixed", "undecided", "nothing_to_mend"]
    mend: Mend | None = None
    n: int = 0
    flipped: int = 0
    held: int = 0
    unreached: int = 0
    why: str = ""
