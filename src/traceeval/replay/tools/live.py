"""Real tools, behind an allow-list: whatever else is asked for is refused, and nothing is called by accident."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

from traceeval.graph import ToolBook
from traceeval.model import Json, ToolRequest
from traceeval.model.scenario import Tools
from traceeval.replay._events import ToolResult, failed
from traceeval.replay.tools._functions import Functions


class Live:
    """Functions that really act. A tool that changes the world, or might, needs ``allow_writes`` besides."""

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Json]] | Iterable[Callable[..., Json]],
        plan: Tools,
        book: ToolBook,
    ) -> None:
        self._functions = Functions(functions)
        self._plan = plan
        self._book = book
        self.offers = tuple(offer for offer in self._functions.offers if not self._barred(offer.name))

    @property
    def running(self) -> str | None:
        """The tool that raised what it must not."""
        return self._functions.running

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Run what is allowed."""
        barred = self._barred(request.name)
        return failed("not_allowed", barred) if barred else self._functions.call(request, span)

    def _barred(self, name: str) -> str:
        if not any(fnmatchcase(name, pattern) for pattern in self._plan.allow):
            return f"{name} is not on the allow-list of live tools"
        if self._book.spec(name).changes is not False and not self._plan.allow_writes:
            return f"{name} changes the world, or might; live writes need allow_writes"
        return ""
