"""What happens in a session as Spans, in order, each handed on when it is complete: a trial that is killed keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from traceeval.model import (
    Fault,
    Generation,
    Kind,
    Message,
    Retrieval,
    Span,
    ToolCall,
    ToolOffer,
    ToolRequest,
    Usage,
    Utterance,
    text_of,
)
from traceeval.replay._clock import Clock
from traceeval.replay._events import Retrieved, Stopped, ToolResult

ROOT = "s0"


class Recorder:
    """Writes spans below the root. ``most``: characters of all texts together; beyond it the session is stopped."""

    def __init__(self, clock: Clock, sink: Callable[[Span], None], *, most: int) -> None:
        self.clock = clock
        self.agent: str | None = None
        self.prompt: tuple[Message, ...] | None = None
        self._sink = sink
        self._left = most
        self._seq = 0
        self._unread: list[str] = []
        self._offered: tuple[ToolOffer, ...] | None = None

    def offer(self, tools: Sequence[ToolOffer]) -> None:
        """The tools the next message was written with."""
        self._offered = tuple(tools)

    def human(self, text: str) -> str:
        """A turn of the user."""
        return self._heard(self._span(Kind.HUMAN, "user", Utterance(text=text)))

    def model(self, text: str | None, requests: Sequence[ToolRequest] = (), usage: Usage | None = None) -> str:
        """A message of the agent, with the calls it asks for. It read all that had come before."""
        told = text if text is None else self._within(text)
        output = Message(role="assistant", content=told, tool_calls=tuple(map(self._request, requests)))
        reads, self._unread = tuple(self._unread), []
        offered, self._offered = self._offered, None
        prompt, self.prompt = self.prompt, None
        for message in prompt or ():
            self._count(len(text_of(message.content) or ""))
        body = Generation(messages=prompt, output=output, tools=offered)
        return self._span(Kind.MODEL, "agent", body, reads=reads, usage=usage)

    def tool(self, request: ToolRequest, result: ToolResult, offer: ToolOffer | None, asked: str, start: float) -> str:
        """An executed call, begun at ``start``."""
        request = self._request(request)
        body = ToolCall(
            name=request.name,
            arguments=request.arguments,
            raw=request.raw,
            result=self._within(result.text) if result.ok else None,
            call_id=request.id,
            requested_by=asked,
            parameters=offer.parameters if offer is not None else None,
        )
        return self._heard(self._span(Kind.TOOL, request.name, body, reads=(asked,), error=result.error, start=start))

    def retrieval(self, found: Retrieved) -> str:
        """What a search found."""
        for hit in found.hits:
            self._count(len(text_of(hit.text) or ""))
        body = Retrieval(query=found.query, hits=found.hits, source=found.source)
        return self._heard(self._span(Kind.RETRIEVAL, found.source or "search", body))

    def plan(self, text: str) -> str:
        """A plan."""
        return self._span(Kind.PLAN, "plan", Generation(output=Message(role="assistant", content=self._within(text))))

    @property
    def next_id(self) -> str:
        """The id of the span that comes next."""
        return f"s{self._seq + 1}"

    def _heard(self, id: str) -> str:
        self._unread.append(id)
        return id

    def _span(
        self,
        kind: Kind,
        name: str,
        body: Utterance | Generation | ToolCall | Retrieval,
        *,
        reads: tuple[str, ...] = (),
        error: Fault | None = None,
        usage: Usage | None = None,
        start: float | None = None,
    ) -> str:
        self._seq += 1
        span = Span(
            id=f"s{self._seq}",
            parent=ROOT,
            kind=kind,
            name=name,
            seq=self._seq,
            start=self.clock.now if start is None else start,
            end=self.clock.tick(),
            body=body,
            reads=reads,
            error=error,
            agent=self.agent,
            usage=usage,
        )
        self._sink(span)
        return span.id

    def _request(self, request: ToolRequest) -> ToolRequest:
        import msgspec

        self._within(request.name)
        if request.raw is not None:
            self._within(request.raw)
        elif request.arguments is not None:
            self._count(len(msgspec.json.encode(request.arguments)))
        return request

    def _within(self, text: str) -> str:
        self._count(len(text))
        return text.encode("utf-8", "replace").decode("utf-8")

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Stopped("output_limit", "the trial wrote more than its budget.output_mb; the rest was dropped")
