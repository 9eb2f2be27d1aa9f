"""An agent behind an OpenAI-compatible endpoint: traceeval owns the loop. ``openai:model=NAME,base_url=URL``.

``api``: ``chat`` (chat completions) or ``responses``. ``instructions``: a file whose text leads the conversation.
The endpoint's own failures are no failures of the agent: they end a trial as ``infra_error``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from traceeval.errors import ConfigError, ProviderError
from traceeval.judge.backends.openai import HOSTED, read_key
from traceeval.model import Json, Message, Scenario
from traceeval.registry import attachment
from traceeval.replay._events import Prompt
from traceeval.replay._session import Session
from traceeval.replay.agents._model_api import Answer, Chat, Responses

_KEYS = frozenset({"model", "base_url", "api", "instructions", "key_env", "temperature"})


class OpenAIAgent:
    """Asks the model, makes the calls it asks for, and says what it says."""

    clock: Literal["real"] = "real"

    def __init__(self, options: Mapping[str, str]) -> None:
        unknown = options.keys() - _KEYS
        api = options.get("api", "chat")
        if unknown or not options.get("model") or api not in ("chat", "responses"):
            raise ConfigError(
                "--agent openai: write openai:model=NAME[,base_url=URL][,api=chat|responses][,instructions=FILE]"
            )
        self._base_url = options.get("base_url", HOSTED)
        self._model = options["model"]
        self._api: Any = Chat if api == "chat" else Responses
        self._options = options
        self.label = f"{self._model} at {self._base_url}"
        self.hosts = (urlsplit(self._base_url).hostname or "",)
        self._instructions = _text(options.get("instructions"))
        self._key = read_key(options.get("key_env", "OPENAI_API_KEY"), self._base_url)

    def prepare(self) -> None:
        """Import the client. The key was read before: a trial's environment does not hold it."""
        import openai

        self._client = openai.OpenAI(api_key=self._key, base_url=self._base_url)

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """Until the user is done."""
        items: list[Json] = self._api.opening(self._instructions, str(session.messages[0].content))
        while True:
            answer = self._ask(session, items)
            lead = (Message(role="system", content=self._instructions),) if self._instructions else ()
            session.emit(Prompt(messages=(*lead, *session.messages)))
            items += answer.again
            if answer.requests:
                asked = session.ask(answer.requests, answer.text or None, answer.usage)
                items += [self._api.result(one.id, session.execute(one).text) for one in asked]
                continue
            words = session.say(answer.text, answer.usage)
            if words is None:
                return
            items.append({"role": "user", "content": words})

    def _ask(self, session: Session, items: Sequence[Json]) -> Answer:
        """One answer.

        Raises:
            ProviderError: the endpoint failed, or answered in another form.
        """
        import openai

        body = {"model": self._model, **self._api.body(items, session.tools)}
        if "temperature" in self._options:
            body["temperature"] = float(self._options["temperature"])
        try:
            raw = self._client.post(self._api.path, cast_to=bytes, body=body)
            answer: Answer = self._api.read(msgspec.json.decode(raw))
        except openai.OpenAIError as error:
            raise ProviderError(f"the agent's endpoint: {type(error).__name__}", retry=False) from error
        except (msgspec.DecodeError, LookupError, TypeError, AttributeError, ValueError) as error:
            raise ProviderError(f"the agent's endpoint answered in another form ({error})", retry=False) from error
        return answer


def _text(file: str | None) -> str:
    if file is None:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"--agent openai: instructions={file}: {error}") from error


@attachment("openai")
def openai(rest: str) -> OpenAIAgent:
    """A model behind an OpenAI-compatible endpoint."""
    pairs = [part.partition("=") for part in rest.split(",") if part]
    return OpenAIAgent({key.strip(): value.strip() for key, _, value in pairs})
