"""One trial in its child: the cell's user, tools, faults and payload put around an agent, everything told as it happens."""

from __future__ import annotations

import asyncio
import inspect
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from traceeval.errors import ConfigError, ProviderError
from traceeval.graph import ToolBook
from traceeval.model import Cell, Injection, Json, Note, PlannedFault, Scenario, Span, Value
from traceeval.model.scenario import Tools
from traceeval.model.trial import Ending
from traceeval.model.user import User
from traceeval.replay._child import last_words
from traceeval.replay._clock import Clock
from traceeval.replay._events import Stopped
from traceeval.replay._recorder import Recorder
from traceeval.replay._session import Session, Speaker
from traceeval.replay._stage import Stage
from traceeval.replay.agents._wire import BadAgent
from traceeval.replay.matrix import Planned
from traceeval.replay.tools._faults import Faulty
from traceeval.replay.tools._functions import Functions
from traceeval.replay.tools._inject import Planted, words_of
from traceeval.replay.tools.cassette import Cassette, Recording
from traceeval.replay.tools.live import Live
from traceeval.replay.tools.stateful import Stateful
from traceeval.replay.users.recorded import Recorded, recorded_turns
from traceeval.replay.users.scripted import Scripted
from traceeval.replay.users.state_machine import StateMachine

_ENCODER = msgspec.json.Encoder()
_SHOWN = 2000


class Frame(Value, frozen=True, omit_defaults=True):
    """What a child tells while it runs: one of these at a time; ``ended`` comes last."""

    span: Span | None = None
    note: Note | None = None
    planted: str | None = None
    struck: str | None = None
    ended: Ending | None = None
    why: str = ""
    state: Json = None
    unmatched: int = 0


def perform(stage: Stage, payload: bytes, emit: Callable[[bytes], None]) -> None:
    """Run the trial that ``payload`` names: a ``Planned``."""
    planned = msgspec.msgpack.decode(payload, type=Planned)
    Play(stage, planned, lambda frame: emit(_ENCODER.encode(frame))).run()


@dataclass
class Play:
    """One trial as it runs."""

    stage: Stage
    planned: Planned
    tell: Callable[[Frame], None]

    def run(self) -> None:
        """Run it, and tell how it ended."""
        random.seed(self.stream)
        tools: Any = None
        session: Session | None = None
        ended: tuple[Ending, str]
        try:
            tools = self._tools()
            session = self._session(tools)
            session.begin()
            ended = self._converse(session)
            if session.stopped is not None:  # it caught what nobody catches
                ended = (session.stopped.how, session.stopped.why)
        except Stopped as stop:
            ended = (stop.how, stop.why)
        except (ConfigError, ProviderError) as error:
            ended = ("infra_error", str(error))
        broken = getattr(tools, "running", None)
        if broken is not None and ended[0] not in ("budget", "output_limit"):
            ended = ("infra_error", f"the mock of {broken} raised, which only ToolError may: {ended[1]}")
        state = getattr(self._stateful, "state", None) if broken is None else None
        self.tell(Frame(ended=ended[0], why=ended[1], state=state, unmatched=session.unmatched if session else 0))

    def _converse(self, session: Session) -> tuple[Ending, str]:
        """Let the agent talk. Here, and nowhere else in the room, whatever it raises becomes an ending: its code is foreign."""
        try:
            running: Any = self.stage.agent.run(session, self.scenario, self.stream)
            if inspect.isgenerator(running) or inspect.isasyncgen(running):
                return "crash", "it is a generator, of which nothing runs; write a function or a coroutine function"
            if inspect.isawaitable(running):
                asyncio.run(_awaited(running))
        except (ConfigError, ProviderError, Stopped):
            raise
        except BadAgent as error:
            return "crash", f"{error}{last_words(Path(os.environ['HOME']))}"
        except BaseException as error:  # cancelled, interrupted, a base of its own: it is the agent's all the same
            return "crash", f"{type(error).__name__}: {_short(error)}"
        return "done", ""

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as this cell tells it."""
        return self.stage.told(self.planned)

    @property
    def cell(self) -> Cell:
        """The cell."""
        return self.planned.cell

    @property
    def stream(self) -> int:
        """The seed of everything random in this trial."""
        return self.cell.stream(self.planned.seed)

    @cached_property
    def clock(self) -> Clock:
        """The trial's clock."""
        return Clock()

    def _session(self, tools: Any) -> Session:
        budget = self.scenario.agent.budget
        recorder = Recorder(
            self.clock, lambda span: self.tell(Frame(span=span)), most=int(budget.output_mb * 1_000_000)
        )
        return Session(self._user(), tools, recorder, budget, self._note, self.planned.mend)

    def _user(self) -> Speaker:
        """The user of that mode; only an LLM user needs more than its words."""
        user = self.scenario.user
        if user.mode == "scripted":
            return Scripted(user)
        if user.mode == "state_machine":
            return StateMachine(user)
        if user.mode == "recorded":
            return Recorded(recorded_turns(self.stage.suite.path(str(user.trace))), user.on_unmatched)
        from traceeval.replay.users.llm import Played  # the only one that needs a client

        return Played(user, self._note, self.stage.settings)

    def _tools(self) -> Any:
        """The tools of the scenario, the payload planted in them, the fault around both."""
        fault, injection = self._fault(), self._injection()
        mend = self.planned.mend
        spare = mend.span if mend is not None and mend.spare else None
        self._stateful = tools = self._plain(remember=fault is not None and fault.inject.kind == "stale")
        if injection is not None:
            words = words_of(injection, self.stage.suite.folder, user=_first_words(self.scenario.user))
            tools = Planted(tools, injection, words, lambda span: self.tell(Frame(planted=span)), spare)
        if fault is not None:
            tools = Faulty(tools, fault, self.clock, lambda span: self.tell(Frame(struck=span)), spare)
        return tools

    def _plain(self, *, remember: bool) -> Any:
        plan = self.scenario.tools
        suite = self.stage.suite
        rng = random.Random(self.stream)
        build = self.stage.build(plan.module) if plan.module is not None else None
        if plan.mode == "cassette":
            assert plan.cassette is not None
            offers = Functions(build(self.stage.state(self.scenario), self.clock, rng)).offers if build else ()
            return Cassette(plan.cassette, suite.path(plan.cassette.file), self.clock, self._note, offers)
        if build is None:
            return self._served(plan)
        if plan.mode == "live":
            book = ToolBook({spec.name: spec for spec in suite.tools})
            live = Live(build(self.stage.state(self.scenario), self.clock, rng), plan, book)
            taped = plan.cassette is not None and plan.cassette.record != "never"
            return Recording(live, plan.cassette, suite.path(plan.cassette.file)) if taped and plan.cassette else live
        return Stateful(build, self.stage.state(self.scenario), self.clock, rng, remember=remember)

    def _served(self, plan: Tools) -> Any:
        """Tools of an MCP server."""
        from traceeval.replay.tools.mcp import McpTools  # an extra

        assert plan.command is not None
        if plan.mode == "live":
            raise ConfigError(
                f"{self.scenario.id}: live tools are named by `module`: an MCP server is not held to `allow`"
            )
        return McpTools(plan.command, self.stage.suite.folder, self.stage.state(self.scenario))

    def _fault(self) -> PlannedFault | None:
        return next((one for one in self.scenario.faults if one.id == self.cell.fault), None)

    def _injection(self) -> Injection | None:
        return next((one for one in self.scenario.injections if one.id == self.cell.injection), None)

    def _note(self, note: Note) -> None:
        self.tell(Frame(note=note))

    _stateful: Any = None


def _first_words(user: User) -> str:
    """What a payload takes for the user's request; empty where nobody knows before they speak."""
    return next((turn.say for turn in user.turns), user.states[user.start or "start"].say if user.states else "")


def _short(error: BaseException) -> str:
    """What an exception of the agent's says; it may be as long as it likes, and may fail to say anything."""
    try:
        return str(error)[:_SHOWN]
    except Exception as other:
        return f"no text: {type(other).__name__}"


async def _awaited(running: Any) -> None:
    await running
