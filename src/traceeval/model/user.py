"""Who speaks to an agent under test: scripted, a state machine, recorded, or played by a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Json, Value


class Proposal(Value, frozen=True):
    """An action by its tool."""

    tool: str


class Claim(Value, frozen=True, rename={"tool": "effect"}):
    """Something said to be done, by the tool that does it, or by a word for it (``cancelled``)."""

    tool: str


class CallGuard(Value, frozen=True):
    """A call the agent made since the user last spoke. ``args``: only those whose arguments match."""

    tool: str
    args: Mapping[str, Json] = {}


class Guard(Value, frozen=True):
    """When a turn is said: everything given has to hold of what the agent just said and did."""

    agent_asks: tuple[str, ...] | None = None
    agent_proposes: Proposal | None = None
    agent_claims: Claim | None = None
    agent_says: str | None = None
    tool_called: CallGuard | None = None

    def __post_init__(self) -> None:
        if not any(getattr(self, name) is not None for name in self.__struct_fields__):
            raise ValueError(f"an empty guard; give one of {', '.join(self.__struct_fields__)}")


class Turn(Value, frozen=True):
    """What the user says, other words for the same, and when; without ``when``: when its turn comes.

    ``languages``: the same in other languages, by their code (``de``); ``traceeval scenario vary`` makes variants of it.
    """

    say: str
    paraphrases: tuple[str, ...] = ()
    languages: Mapping[str, str] = {}
    when: Guard | None = None


class Move(Value, frozen=True):
    """From a state to another, when the guard holds; without one: always."""

    to: str
    when: Guard | None = None


class State(Value, frozen=True):
    """What the user says on entering it, and where the agent's reply leads. No moves: the user is done after the reply."""

    say: str
    moves: tuple[Move, ...] = ()


class User(Value, frozen=True):
    """Who speaks. ``on_unmatched``: ``end``, or the words to say to a question nobody foresaw; counted either way."""

    mode: Literal["scripted", "state_machine", "recorded", "llm"] = "scripted"
    turns: tuple[Turn, ...] = ()
    start: str | None = None
    states: Mapping[str, State] = {}
    trace: str | None = None
    goal: str | None = None
    facts: Mapping[str, Json] = {}
    manner: str | None = None
    model: str | None = None
    base_url: str | None = None
    on_unmatched: str = "end"
    most_turns: int = 30

    def __post_init__(self) -> None:
        needs = {"scripted": "turns", "state_machine": "states", "recorded": "trace", "llm": "goal"}[self.mode]
        if not getattr(self, needs):
            raise ValueError(f"a {self.mode} user needs `{needs}`")
        if self.mode == "llm" and not (self.model and self.base_url):
            raise ValueError("an llm user needs `model` and `base_url`")
        if self.mode == "scripted" and self.turns[0].when is not None:
            raise ValueError("the first turn opens the conversation: it has no `when`")
        if self.mode == "state_machine":
            known = set(self.states)
            lost = {self.start or "start", *(move.to for one in self.states.values() for move in one.moves)} - known
            if lost:
                raise ValueError(f"no state {', '.join(sorted(lost))}; known: {', '.join(sorted(known))}")
