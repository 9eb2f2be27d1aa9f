"""A user played by a model behind any OpenAI-compatible endpoint, given a goal, facts and a manner.

It adds noise: what it says that it should not is detected and noted, never mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from traceeval.errors import ProviderError
from traceeval.graph._speech import asks
from traceeval.judge import Judges, JudgeSettings, Request
from traceeval.judge._endpoint import Endpoint
from traceeval.judge._request import load_prompt
from traceeval.measures.numbers import values_of
from traceeval.measures.tokens import tokenise
from traceeval.model import Note, ToolRequest
from traceeval.model.user import User
from traceeval.replay._events import Reply

_SCHEMA = msgspec.json.encode(
    {
        "type": "object",
        "properties": {"say": {"type": "string"}, "done": {"type": "boolean"}},
        "required": ["say", "done"],
        "additionalProperties": False,
    }
).decode()


class _Words(msgspec.Struct):
    say: str
    done: bool


class Played:
    """Asks the model for each turn. ``note`` hears of violations: ``user_sim_*``."""

    def __init__(self, user: User, note: Callable[[Note], None], settings: JudgeSettings | None = None) -> None:
        self._user = user
        self._note = note
        self._judges = Judges(settings or JudgeSettings())
        self._heard: list[tuple[str, str]] = []
        self._known = values_of(tokenise(f"{user.goal} {msgspec.json.encode(user.facts).decode()}"))

    def first(self) -> str:
        """The model opens the conversation."""
        return self._ask().say

    def reply(self, said: str, calls: Sequence[ToolRequest]) -> Reply:
        """What the model answers; it ends when it says that it is done, or after ``most_turns``."""
        self._heard.append(("agent", said))
        if sum(role == "user" for role, _ in self._heard) >= self._user.most_turns:
            return Reply()
        words = self._ask()
        if words.done and asks(said):
            self._note(Note(code="user_sim_ended_early", text=f"left unanswered: {said[:150]}"))
        return Reply(text=None if words.done or not words.say.strip() else words.say)

    def _ask(self) -> _Words:
        """One turn.

        Raises:
            ProviderError: the endpoint did not answer, or not in the form asked for.
        """
        assert self._user.model is not None
        assert self._user.base_url is not None
        endpoint = self._judges.endpoint(self._user.model, self._user.base_url)
        words = _read(self._judges.submit(_one(endpoint, self._request())).result())
        for code, text in _violations(words.say, self._user, self._known, self._heard):
            self._note(Note(code=code, text=text[:200]))
        self._heard.append(("user", words.say))
        return words

    def _request(self) -> Request:
        user = self._user
        told = {"goal": user.goal, "facts": user.facts, "manner": user.manner, "conversation": self._heard}
        return Request(
            prompt=load_prompt("user"), data=msgspec.json.encode(told).decode(), schema=_SCHEMA, most_tokens=400
        )

    def close(self) -> None:
        """Let the connection go."""
        self._judges.close()


async def _one(endpoint: Endpoint, request: Request) -> str:
    (reply,) = await endpoint.answer([request])
    if reply.text is None:
        raise ProviderError(f"the user's model at {endpoint.base_url} did not answer ({reply.failed})", retry=False)
    return reply.text


def _read(text: str) -> _Words:
    try:
        return msgspec.json.decode(text, type=_Words)
    except msgspec.MsgspecError as error:
        raise ProviderError(f"the user's model answered in another form ({error})", retry=False) from error


def _violations(
    said: str, user: User, known: set[float | str], heard: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """(code, text) of what such a user must not say: values of nobody's, the agent's part, a fact before it is asked for."""
    given = known | set().union(*(values_of(tokenise(text)) for role, text in heard if role == "agent"), set())
    invented = sorted(str(value) for value in values_of(tokenise(said)) - given)
    if invented:
        yield "user_sim_invented", f"{', '.join(invented)} stands in no fact: {said}"
    if said.lstrip().lower().startswith(("agent:", "assistant:", "user:")):
        yield "user_sim_spoke_as_other", said
    if not heard and user.facts:
        early = [name for name, value in user.facts.items() if str(value) and str(value).casefold() in said.casefold()]
        if len(early) == len(user.facts) > 1:
            yield "user_sim_gave_all_away", f"{', '.join(early)} in the first turn: {said}"
