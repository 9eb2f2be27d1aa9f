"""One step of a session made otherwise: another call, another result, other words; everything else as the agent does it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from traceeval.model import Mend, ToolRequest
from traceeval.replay._events import ToolResult


def mended_calls(mend: Mend | None, span: str, requests: Sequence[ToolRequest]) -> Sequence[ToolRequest]:
    """The calls of a message, the mended one in its place. ``span``: the id the message will have."""
    if mend is None or mend.call is None or mend.asked != span or mend.place >= len(requests):
        return requests
    other = msgspec.structs.replace(requests[mend.place], name=mend.call.tool, arguments=dict(mend.call.args), raw=None)
    return (*requests[: mend.place], other, *requests[mend.place + 1 :])


def mended_result(mend: Mend | None, span: str) -> ToolResult | None:
    """What a call brings back without being made; None: it is made."""
    return ToolResult(text=mend.result) if mend is not None and mend.span == span and mend.result is not None else None


def mended_words(mend: Mend | None, span: str, text: str) -> str:
    """What the user hears."""
    return mend.say if mend is not None and mend.span == span and mend.say is not None else text
