"""One trial: a cell's user, tools, faults and payload put around an agent, in the child; its Trial put together outside."""

from __future__ import annotations

import asyncio
import inspect
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from traceeval.errors import ConfigError, ProviderError
from traceeval.graph import ToolBook
from traceeval.graph._speech import proposes
from traceeval.judge import JudgeSettings
from traceeval.model import (
    SCHEMA_VERSION,
    Cell,
    Generation,
    Injection,
    Json,
    Kind,
    Note,
    PlannedFault,
    Scenario,
    Span,
    System,
    Trace,
    Trial,
    Utterance,
    Value,
    text_of,
)
from traceeval.model.scenario import Tools
from traceeval.model.trial import Ending
from traceeval.model.user import User
from traceeval.replay._child import Limits, Ran, last_words
from traceeval.replay._clock import Clock
from traceeval.replay._events import Stopped, request
from traceeval.replay._expected import initial_state, reference_of
from traceeval.replay._modules import load_function
from traceeval.replay._recorder import ROOT, Recorder
from traceeval.replay._session import Session, Speaker
from traceeval.replay.agents import Agent
from traceeval.replay.agents._wire import BadAgent
from traceeval.replay.load import Suite
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
from traceeval.replay.variants import told

_RECORDS = msgspec.json.Encoder()


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


@dataclass(kw_only=True)
class Stage:
    """Everything a trial needs that trials share. ``settings``: how the model of an LLM user is asked."""

    suite: Suite
    agent: Agent
    settings: JudgeSettings = field(default_factory=JudgeSettings)

    def prepare(self) -> None:
        """Import the agent and every mock, and make once what every trial would: schemas, their checks, word lists."""
        self.agent.prepare()
        for scenario in self.suite.scenarios:
            self.state(scenario)
            if scenario.tools.module is not None:
                self._rehearse(scenario)

    def _rehearse(self, scenario: Scenario) -> None:
        made = self.build(str(scenario.tools.module))(self.state(scenario), Clock(), random.Random(0))
        tools = Functions(made)
        for offer in tools.offers:
            tools.refusal(request(offer.name, {}))
            proposes("Shall I go ahead? It is done.", offer.name)

    @property
    def hosts(self) -> tuple[str, ...]:
        """What trials have to reach beside loopback: the agent's endpoint, and those of users played by a model."""
        users = (urlsplit(one.user.base_url).hostname for one in self.suite.scenarios if one.user.base_url)
        return tuple(dict.fromkeys((*self.agent.hosts, *(host for host in users if host))))

    @property
    def live(self) -> bool:
        """Whether any tool is a live one: then the network is open."""
        return any(one.tools.mode == "live" for one in self.suite.scenarios)

    def build(self, module: str) -> Callable[..., Any]:
        """The maker of a suite's tools."""
        return load_function(module, self.suite.folder)

    @cached_property
    def states(self) -> dict[str, Json]:
        """Initial states by scenario, made when first needed; each trial copies its own."""
        return {}

    def state(self, scenario: Scenario) -> Json:
        """The state a trial of this scenario begins with."""
        known = self.states.get(scenario.id)
        if known is None:
            known = self.states[scenario.id] = msgspec.msgpack.encode(initial_state(scenario, self.suite.folder))
        return msgspec.msgpack.decode(known)

    def perform(self, payload: bytes, emit: Callable[[bytes], None]) -> None:
        """Run one trial, in its child."""
        planned = msgspec.msgpack.decode(payload, type=tuple[Cell, int])
        _Play(self, *planned, lambda frame: emit(_RECORDS.encode(frame))).run()


@dataclass
class _Play:
    """One trial as it runs."""

    stage: Stage
    cell: Cell
    seed: int
    tell: Callable[[Frame], None]

    def run(self) -> None:
        """Run it, and tell how it ended."""
        random.seed(self.cell.stream(self.seed))
        tools: Any = None
        session: Session | None = None
        ended: tuple[Ending, str]
        try:
            tools = self._tools()
            session = self._session(tools)
            session.begin()
            ended = self._converse(session)
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
            running = self.stage.agent.run(session, self.scenario, self.cell.stream(self.seed))
            if inspect.isawaitable(running):
                asyncio.run(_awaited(running))
        except (ConfigError, ProviderError):
            raise
        except BadAgent as error:
            return "crash", f"{error}{last_words(Path(os.environ['HOME']))}"
        except (Exception, SystemExit) as error:
            return "crash", f"{type(error).__name__}: {error}"
        return "done", ""

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as this cell tells it."""
        return told(self.stage.suite.scenario(self.cell.scenario), self.cell.variant)

    @cached_property
    def clock(self) -> Clock:
        """The trial's clock."""
        return Clock()

    def _session(self, tools: Any) -> Session:
        budget = self.scenario.agent.budget
        recorder = Recorder(
            self.clock, lambda span: self.tell(Frame(span=span)), most=int(budget.output_mb * 1_000_000)
        )
        return Session(self._user(), tools, recorder, budget, self._note)

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
        self._stateful = tools = self._plain(remember=fault is not None and fault.inject.kind == "stale")
        if injection is not None:
            words = words_of(injection, self.stage.suite.folder, user=_first_words(self.scenario.user))
            tools = Planted(tools, injection, words, lambda span: self.tell(Frame(planted=span)))
        if fault is not None:
            tools = Faulty(tools, fault, self.clock, lambda span: self.tell(Frame(struck=span)))
        return tools

    def _plain(self, *, remember: bool) -> Any:
        plan = self.scenario.tools
        suite = self.stage.suite
        rng = random.Random(self.cell.stream(self.seed))
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


async def _awaited(running: Any) -> None:
    await running


def limits_of(scenario: Scenario) -> Limits:
    """What the child of a trial may use."""
    budget = scenario.agent.budget
    return Limits(budget.wall_s, budget.memory_mb, int(budget.output_mb * 1_000_000))


def assemble(stage: Stage, planned: Planned, ran: Ran, level: Any) -> Trial:
    """A Trial out of what its child told, however far it came."""
    frames = [msgspec.json.decode(frame, type=Frame) for frame in ran.frames]
    last = frames[-1] if frames and frames[-1].ended is not None else None
    scenario = told(stage.suite.scenario(planned.cell.scenario), planned.cell.variant)
    ended, why = _ending(ran, last)
    notes = [frame.note for frame in frames if frame.note is not None]
    notes += [Note(code="network_denied", text=f"it tried to reach {host}") for host in ran.denied]
    spans = [frame.span for frame in frames if frame.span is not None]
    return Trial(
        id=planned.id,
        cell=planned.cell,
        seed=planned.seed,
        trace=_trace(stage, scenario, planned, spans, last.state if last is not None else None),
        ended=ended,
        why=why,
        sandbox=level if stage.agent.clock == "virtual" or level in ("netns", "container") else "none",
        clock=stage.agent.clock,
        unmatched=last.unmatched if last is not None else sum(note.code == "user_sim_unmatched" for note in notes),
        notes=tuple(notes),
        planted=tuple(frame.planted for frame in frames if frame.planted is not None),
        struck=tuple(frame.struck for frame in frames if frame.struck is not None),
    )


def _ending(ran: Ran, last: Frame | None) -> tuple[Ending, str]:
    """The child's own word, where it had one; a harness that broke is no failure of the agent."""
    if last is not None and last.ended is not None:
        return last.ended, last.why
    if ran.ended in ("time_out", "output_limit"):
        return ("time_out" if ran.ended == "time_out" else "output_limit"), ran.why
    return ("infra_error" if ran.broken else "crash"), f"the process of the trial {ran.why}"


def _trace(stage: Stage, scenario: Scenario, planned: Planned, spans: list[Span], state: Json) -> Trace:
    start = min((span.start for span in spans if span.start is not None), default=None)
    end = max((span.end for span in spans if span.end is not None), default=None)
    root = Span(id=ROOT, kind=Kind.AGENT, name="agent", start=start, end=end, seq=0)
    said = [text_of(s.body.text) for s in spans if s.kind is Kind.HUMAN and isinstance(s.body, Utterance)]
    written = [
        s.body.output.content
        for s in spans
        if isinstance(s.body, Generation) and s.kind is Kind.MODEL and s.body.output
    ]
    answers = [text for text in written if text_of(text)]
    return Trace(
        id=sha256(planned.id.encode()).hexdigest()[:32],
        schema_version=SCHEMA_VERSION,
        spans=(root, *spans),
        question=said[0] if said else None,
        answer=answers[-1] if answers else None,
        state=state,
        reference=reference_of(scenario, stage.state(scenario)),
        trial=planned.id,
        scenario=planned.cell.scenario,
        system=System(app=stage.agent.label),
        tags=scenario.meta.tags or None,
    )
