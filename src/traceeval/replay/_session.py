"""One conversation between an agent and a user, with tools between them. Everything an agent can do goes through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Protocol

from traceeval.model import Json, Mend, Message, Note, ToolOffer, ToolRequest, Usage
from traceeval.model.scenario import Budget
from traceeval.replay._events import Event, Handoff, Plan, Prompt, Reply, Retrieved, Say, Stopped, ToolResult, request
from traceeval.replay._mended import mended_calls, mended_result, mended_words
from traceeval.replay._recorder import Recorder


class Toolset(Protocol):
    """Tools, however they answer."""

    offers: Sequence[ToolOffer]

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Answer one call. ``span``: the id its span will have."""
        ...


class Speaker(Protocol):
    """A simulated user."""

    def first(self) -> str:
        """The words that open the conversation."""
        ...

    def reply(self, said: str, calls: Sequence[ToolRequest]) -> Reply:
        """The answer to what the agent said; ``calls``: what it did since the user last spoke."""
        ...


class Session:
    """What an agent gets. ``messages``: the conversation so far; ``ended``: the user has no more to say."""

    def __init__(
        self,
        user: Speaker,
        tools: Toolset,
        recorder: Recorder,
        budget: Budget,
        note: Callable[[Note], None],
        mend: Mend | None = None,
    ) -> None:
        self.messages: list[Message] = []
        self.tools = tuple(tools.offers)
        self.ended = False
        self.stopped: Stopped | None = None
        self.unmatched = 0
        self._user = user
        self._toolset = tools
        self._recorder = recorder
        self._budget = budget
        self._note = note
        self._offers = {offer.name: offer for offer in self.tools}
        self._asked: dict[str, str] = {}  # calls that were asked for and not made yet -> the message that asked
        self._turn: list[ToolRequest] = []
        self._steps = self._calls = self._tokens = 0
        self._cost = 0.0
        self._usage: Usage | None = None
        self._ids: set[str] = set()
        self._mend = mend

    def begin(self) -> str:
        """The user opens the conversation."""
        self._recorder.offer(self.tools)
        return self._hear(self._user.first())

    def call_tool(self, name: str, args: Mapping[str, Json]) -> ToolResult:
        """Call one tool and wait for what it brings back."""
        return self.call_tools([(name, args)])[0]

    def call_tools(
        self, calls: Iterable[tuple[str, Mapping[str, Json]]], text: str | None = None
    ) -> tuple[ToolResult, ...]:
        """Call several tools out of one message; they run in this order."""
        asked = self.ask([request(name, args) for name, args in calls], text)
        return tuple(self.execute(one) for one in asked)

    def ask(
        self, requests: Sequence[ToolRequest], text: str | None = None, usage: Usage | None = None
    ) -> tuple[ToolRequest, ...]:
        """Record a message that asks for calls; each is made by ``execute``, or never. They come back with their ids."""
        with self._going():
            named = tuple(self._named(one) for one in mended_calls(self._mend, self._recorder.next_id, requests))
            self._step()
            span = self._recorder.model(text, named, self._spent(usage))
        self._asked.update({str(one.id): span for one in named})
        self.messages.append(Message(role="assistant", content=text, tool_calls=named))
        return named

    def execute(self, request: ToolRequest) -> ToolResult:
        """Make a call that was asked for; one that was not is asked for first."""
        if request.id not in self._asked:
            (request,) = self.ask([request])
        with self._going():
            asked = self._asked.pop(str(request.id))
            self._step(calls=1)
            start = self._recorder.clock.now
            span = self._recorder.next_id
            result = mended_result(self._mend, span) or self._toolset.call(request, span)
            self._recorder.tool(request, result, self._offers.get(request.name), asked, start)
        self.messages.append(Message(role="tool", content=result.text, tool_call_id=request.id, name=request.name))
        self._turn.append(request)
        return result

    def say(self, text: str, usage: Usage | None = None) -> str | None:
        """Speak to the user and hand the turn over: their next words, None when they have no more to say."""
        with self._going():
            self._step()
            text = mended_words(self._mend, self._recorder.next_id, text)
            self._recorder.model(text, usage=self._spent(usage))
        self.messages.append(Message(role="assistant", content=text))
        reply = self._user.reply(text, tuple(self._turn))
        self._turn = []
        if not reply.matched:
            self.unmatched += 1
            self._note(Note(code="user_sim_unmatched", text=text[:200]))
        if reply.text is None:
            self.ended = True
            return None
        return self._hear(reply.text)

    def emit(self, event: Event) -> str | None:
        """Any event; what the user answers, where it hands the turn over."""
        if isinstance(event, Say):
            return self.say(event.text, event.usage)
        with self._going():
            if isinstance(event, Plan):
                self._recorder.plan(event.text)
            elif isinstance(event, Handoff):
                self._recorder.agent = event.to
            elif isinstance(event, Retrieved):
                self._recorder.retrieval(event)
            elif isinstance(event, Prompt):
                self._recorder.prompt = event.messages
            else:
                self._usage = event.usage
        return None

    @contextmanager
    def _going(self) -> Iterator[None]:
        """While the conversation goes on. What stopped it once stops it for good, whoever caught it."""
        if self.stopped is not None:
            raise self.stopped
        try:
            if self.ended:
                self._note(Note(code="after_end", text="the agent went on after the user was done"))
                raise Stopped("done", "the agent went on after the user was done")
            yield
        except Stopped as stop:
            self.stopped = stop
            raise

    def _hear(self, text: str) -> str:
        self._recorder.human(text)
        self.messages.append(Message(role="user", content=text))
        return text

    def _named(self, request: ToolRequest) -> ToolRequest:
        """A call with an id of its own: one that another call has, or none, is replaced."""
        import msgspec

        id = request.id
        if not id or id in self._ids:
            id = next(made for n in count(len(self._ids) + 1) if (made := f"call-{n}") not in self._ids)
        self._ids.add(id)
        return msgspec.structs.replace(request, id=id)

    def _spent(self, usage: Usage | None) -> Usage | None:
        found, self._usage = usage or self._usage, None
        if found is not None:
            self._tokens += (found.input or 0) + (found.output or 0)
            self._cost += found.cost or 0.0
            self._within("tokens", self._tokens, self._budget.tokens)
            self._within("cost_usd", self._cost, self._budget.cost_usd)
        return found

    def _step(self, calls: int = 0) -> None:
        self._steps += 1
        self._calls += calls
        self._within("steps", self._steps, self._budget.steps)
        self._within("calls", self._calls, self._budget.calls)

    def _within(self, name: str, used: float, most: float | None) -> None:
        if most is not None and used > most:
            raise Stopped("budget", f"budget.{name}: more than {most}")
