"""An OpenAI-compatible endpoint on loopback that passes requests on and hears what a model was sent and wrote.

It answers whole: a chat that asks for a stream gets its answer as one, a response that does is refused. The key is ours
and never in the trial's environment.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

import msgspec

from traceeval.model import Json, Message
from traceeval.replay.agents._model_api import Answer, Chat, Responses
from traceeval.replay.agents._wire import MOST_BYTES

Heard: TypeAlias = Callable[[tuple[Message, ...], Answer], None]
Reply: TypeAlias = tuple[int, str, bytes]
"""Status, media type, body."""
_APIS: dict[str, Any] = {"/v1/chat/completions": Chat, "/v1/responses": Responses}


@contextmanager
def model_proxy(base_url: str, key: str, heard: Heard, stopped: Callable[[], bool]) -> Iterator[str]:
    """The base URL of the proxy while it runs. ``heard`` is told of each exchange before the agent is answered.

    ``stopped``: the trial is over, and nothing is passed on any more.
    """
    endpoint = _Endpoint(base_url=base_url, key=key, heard=heard, stopped=stopped)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(endpoint.answer))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(answer: Callable[[str, str, Callable[[int], bytes]], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            """One request of the agent's."""
            status, kind, data = answer(self.path, self.headers.get("Content-Length") or "", self.rfile.read)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class _Endpoint:
    """The model's endpoint as the proxy asks it."""

    base_url: str
    key: str
    heard: Heard
    stopped: Callable[[], bool]

    def answer(self, path: str, length: str, read: Callable[[int], bytes]) -> Reply:
        """What is answered to a request; what is wrong with it, or with the endpoint, is an answer too."""
        import httpx

        if self.stopped():
            return _refused(503, "the trial is over")
        api = _APIS.get(path)
        size = int(length) if length.isdecimal() and len(length) < 20 else MOST_BYTES + 1
        if api is None or size > MOST_BYTES:
            what = "chat completions and responses, within 8 MB, with their length"
            return _refused(404 if api is None else 413, what)
        try:
            return self._passed_on(api, msgspec.json.decode(read(size), type=dict[str, Any]))
        except httpx.HTTPError as error:
            return _refused(502, f"the model's endpoint: {type(error).__name__}")
        except (msgspec.DecodeError, LookupError, TypeError, AttributeError, ValueError) as error:
            return _refused(400, f"in another form than expected: {type(error).__name__}")

    def _passed_on(self, api: Any, body: dict[str, Any]) -> Reply:
        import httpx

        streamed = bool(body.pop("stream", False))
        body.pop("stream_options", None)
        if streamed and api is Responses:
            return _refused(400, "the proxy answers responses whole: ask without stream")
        prompt = api.prompt(body)
        asked = {"Authorization": f"Bearer {self.key}"}
        found = httpx.post(f"{self.base_url}{api.path}", json=body, headers=asked, timeout=None)
        if found.status_code != 200:
            return found.status_code, "application/json", found.content
        data = msgspec.json.decode(found.content)
        self.heard(prompt, api.read(data))
        return (200, "text/event-stream", _as_stream(data)) if streamed else (200, "application/json", found.content)


def _refused(status: int, why: str) -> Reply:
    return status, "application/json", msgspec.json.encode({"error": {"message": why}})


def _as_stream(data: Json) -> bytes:
    """A chat completion as the chunks of a stream: all of it, then its end."""
    choice = data["choices"][0]
    message = choice["message"]
    calls = [{"index": place, **call} for place, call in enumerate(message.get("tool_calls") or ())]
    delta = {"role": "assistant", "content": message.get("content"), **({"tool_calls": calls} if calls else {})}
    shared = {"id": data.get("id", ""), "object": "chat.completion.chunk", "model": data.get("model", ""), "created": 0}
    chunks = [
        {**shared, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
        {**shared, "choices": [{"index": 0, "delta": {}, "finish_reason": choice.get("finish_reason")}]},
        {**shared, "choices": [], "usage": data.get("usage")},
    ]
    return b"".join(b"data: " + msgspec.json.encode(one) + b"\n\n" for one in chunks) + b"data: [DONE]\n\n"
