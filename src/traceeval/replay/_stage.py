"""What the trials of a suite share: its files, the agent, and everything that can be made once for all of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import msgspec

from traceeval.errors import ConfigError
from traceeval.graph._speech import read_lists
from traceeval.judge import JudgeSettings
from traceeval.model import Json, Scenario
from traceeval.replay._aims import check_tools
from traceeval.replay._clock import Clock
from traceeval.replay._events import request
from traceeval.replay._expected import initial_state
from traceeval.replay._modules import load_function
from traceeval.replay.agents import Agent
from traceeval.replay.load import Loaded, Suite
from traceeval.replay.matrix import Planned
from traceeval.replay.tools._functions import Functions
from traceeval.replay.variants import told


@dataclass(kw_only=True)
class Stage:
    """Everything a trial needs that trials share. ``settings``: how the model of an LLM user is asked."""

    suite: Suite
    agent: Agent
    settings: JudgeSettings = field(default_factory=JudgeSettings)

    def prepare(self) -> None:
        """Import the agent and every mock, and make once what every trial would: schemas, their checks, word lists."""
        read_lists()
        self.agent.prepare()
        for loaded in self.suite.loaded:
            self.state(loaded.scenario)
            if loaded.scenario.tools.module is not None:
                self._rehearse(loaded)

    def _rehearse(self, loaded: Loaded) -> None:
        scenario = loaded.scenario
        build = self.build(str(scenario.tools.module))
        try:
            made = build(self.state(scenario), Clock(), random.Random(0))
        except Exception as error:  # the suite's own code, asked once before any trial
            raise ConfigError(
                f"{scenario.id}: {scenario.tools.module} raised {type(error).__name__}: {error}"
            ) from error
        tools = Functions(made)
        offered = (offer.name for offer in tools.offers)
        check_tools(scenario, loaded.document, offered, f"among those of {scenario.tools.module}")
        for offer in tools.offers:
            tools.refusal(request(offer.name, {}))

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

    def told(self, planned: Planned) -> Scenario:
        """The scenario of a trial, as its cell tells it."""
        return told(planned.scenario or self.suite.scenario(planned.cell.scenario), planned.cell.variant)

    def state(self, scenario: Scenario) -> Json:
        """The state a trial of this scenario begins with."""
        known = self.states.get(scenario.id)
        if known is None:
            known = self.states[scenario.id] = msgspec.msgpack.encode(initial_state(scenario, self.suite.folder))
        return msgspec.msgpack.decode(known)
