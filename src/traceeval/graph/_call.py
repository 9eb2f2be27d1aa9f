"""One executed tool call, as every rule and tool score sees it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from traceeval.graph._condition import holds_for
from traceeval.model import Basis, Content, Json, ToolSpec, When


class Call(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A TOOL span, or a request that was never executed (``executed`` False).

    ``ok``: True or False when the outcome was recorded, None when not. ``batch``: the model span that asked for it;
    calls of one batch have no mutual order. ``at``: the seq of the span; ``asked``: the seq of the model span that
    emitted it; ``turn``: how many user turns came before. ``arguments`` is None when nothing parsed (see ``raw``).
    ``parameters``: the JSON Schema the call was recorded with. ``agent``: who made it; None: not recorded.
    """

    span: str
    name: str
    arguments: Json
    raw: str | None
    result: Content
    ok: bool | None
    error: str | None
    call_id: str | None
    batch: str | None
    at: int
    asked: int
    turn: int
    spec: ToolSpec
    executed: bool = True
    link: Basis = Basis.OBSERVED
    parameters: Mapping[str, Json] | None = None
    agent: str | None = None

    @property
    def moment(self) -> tuple[int, int]:
        """When it was asked for and when its result was there, as positions: calls of one message share the first."""
        return min(self.asked, self.at), self.at

    @property
    def changes(self) -> bool | None:
        """Whether the tool changes the world; None when its effect is unknown."""
        return self.spec.changes

    @property
    def confirm(self) -> bool | None:
        """Whether the user has to agree first, by declaration; None when nobody said, or its condition cannot be read."""
        declared = self.spec.confirm
        if isinstance(declared, When):
            return holds_for(declared.when, self.arguments)
        return None if declared is None else declared == "always"
