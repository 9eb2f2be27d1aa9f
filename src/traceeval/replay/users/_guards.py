"""When a guard holds, and what is said where none does."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from traceeval.graph._speech import asks, claims_done, proposes
from traceeval.measures.matchers import match
from traceeval.measures.paths import ABSENT, value_at
from traceeval.model import ToolRequest
from traceeval.model.user import CallGuard, Guard
from traceeval.replay._events import Reply


def holds(guard: Guard | None, said: str, calls: Sequence[ToolRequest]) -> bool:
    """Whether everything a guard asks for holds of what the agent said and did; without a guard always."""
    if guard is None:
        return True
    return (
        (guard.agent_asks is None or asks(said, guard.agent_asks))
        and (guard.agent_proposes is None or proposes(said, guard.agent_proposes.tool))
        and (guard.agent_claims is None or claims_done(said, guard.agent_claims.tool))
        and (guard.agent_says is None or guard.agent_says.casefold() in said.casefold())
        and (guard.tool_called is None or any(_called(guard.tool_called, call) for call in calls))
    )


def unforeseen(said: str, on_unmatched: str) -> Reply:
    """The answer where no turn fits: a question nobody foresaw is counted, a statement simply ends the talk."""
    if not asks(said):
        return Reply()
    return Reply(text=None if on_unmatched == "end" else on_unmatched, matched=False)


def _called(guard: CallGuard, call: ToolRequest) -> bool:
    return fnmatchcase(call.name, guard.tool) and all(
        (found := value_at(call.arguments, path)) is not ABSENT and match(found, want) == "equal"
        for path, want in guard.args.items()
    )
