"""Any OpenAI-compatible endpoint, through the official client. One attempt per call: retrying is the endpoint's work.

Messages of the provider are never repeated: they may quote the key or the trace. We say status and kind.
"""

from __future__ import annotations

import json
import os
import secrets
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import msgspec

from traceeval.errors import ConfigError, ProviderError
from traceeval.judge._request import Reply, Request
from traceeval.judge._slot import NotSent, Slot

HOSTED = "https://api.openai.com/v1"
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_OWN = frozenset({400, 413, 422})
_NOBODY = frozenset({"ConnectError", "ConnectTimeout"})  # the transport says the second of a refused connection too


def read_key(name: str, base_url: str) -> str:
    """The key from the environment; an endpoint of one's own may need none.

    Raises:
        ConfigError: the hosted endpoint, and no key.
    """
    key = os.environ.get(name, "")
    if not key and base_url == HOSTED:
        raise ConfigError(f"the environment variable {name} is empty; set it, or name an endpoint with base_url=...")
    return key or "none"


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(msgspec.Struct):
    """What we read of a completion."""

    choices: list[_Choice]
    usage: _Usage | None = None


_SLOT: ContextVar[Slot] = ContextVar("slot")


async def _take(_: object) -> None:
    await _SLOT.get().take()


async def _give(_: object) -> None:
    await _SLOT.get().hand_over()


class OpenAIBackend:
    """Chat completions with a JSON schema, temperature 0."""

    def __init__(self, *, model: str, base_url: str, timeout: float, key_env: str) -> None:
        """``key_env`` names the environment variable that holds the key; an endpoint of one's own may need none."""
        import openai

        self._model = model
        self._client = openai.AsyncOpenAI(
            api_key=read_key(key_env, base_url),
            base_url=base_url,
            timeout=timeout,
            max_retries=0,
            http_client=openai.DefaultAioHttpClient(event_hooks={"request": [_take], "response": [_give]}),
        )

    async def send(self, request: Request, slot: Slot) -> Reply:
        """One attempt. The slot is taken when the client has built what it sends, and given back with the first answer."""
        import openai

        _SLOT.set(slot)
        try:
            raw = await self._client.post("/chat/completions", cast_to=bytes, body=self._body(request))
            found = msgspec.json.decode(raw, type=_Completion)
        except openai.APIStatusError as error:
            raise _refused(error.status_code, error.response.headers) from None
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, NotSent):
                raise error.__cause__ from None
            cause = type(error.__cause__).__name__
            nobody = cause in _NOBODY
            if isinstance(error, openai.APITimeoutError) and not nobody:
                raise ProviderError("the endpoint did not answer in time", retry=True) from None
            raise ProviderError(f"the endpoint cannot be reached ({cause})", retry=True, unreachable=nobody) from None
        except (openai.APIError, ValueError) as error:
            raise ProviderError(
                f"the endpoint's answer is no completion ({type(error).__name__})", retry=True
            ) from None
        usage = found.usage
        return Reply(
            text=(found.choices[0].message.content or "") if found.choices else "",
            tokens_in=usage.prompt_tokens if usage else None,
            tokens_out=usage.completion_tokens if usage else None,
        )

    def _body(self, request: Request) -> dict[str, object]:
        """What is sent, as it is: while the client builds and checks its own models a slot stands empty."""
        schema = {"name": request.prompt.name, "schema": json.loads(request.schema), "strict": True}
        return {
            "model": self._model,
            "messages": request.messages(f"<<{secrets.token_hex(12)}>>"),
            "temperature": 0,
            "max_completion_tokens": request.most_tokens,
            "response_format": {"type": "json_schema", "json_schema": schema},
        }

    async def close(self) -> None:
        """Let connections go."""
        await self._client.close()


def _refused(status: int, headers: Any) -> ProviderError:
    return ProviderError(
        f"the endpoint answered {status}",
        retry=status in _AGAIN,
        after=_after(headers.get("retry-after")),
        own=status in _OWN,
    )


def _after(value: str | None) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None
