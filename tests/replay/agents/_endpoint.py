"""The scripted agent as a model behind an OpenAI-compatible endpoint, chat completions and responses."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.replay.agents._scripted import decide


def chat(body: dict[str, Any]) -> dict[str, Any]:
    messages = body["messages"]
    assert all("name" in tool["function"] for tool in body["tools"])
    turn = sum(one["role"] == "user" for one in messages)
    step = decide(turn, int(messages[-1]["role"] == "tool"))
    message: dict[str, Any] = {"role": "assistant", "content": step if isinstance(step, str) else None}
    if not isinstance(step, str):
        function = {"name": step[0], "arguments": json.dumps(step[1])}
        message["tool_calls"] = [{"id": f"call_{len(messages)}", "type": "function", "function": function}]
    usage = {"prompt_tokens": 10, "completion_tokens": 2}
    return {"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}


def responses(body: dict[str, Any]) -> dict[str, Any]:
    items = body["input"]
    turn = sum(one.get("role") == "user" for one in items)
    step = decide(turn, int(items[-1].get("type") == "function_call_output"))
    if isinstance(step, str):
        output = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": step}]}
    else:
        output = {
            "type": "function_call",
            "call_id": f"fc_{len(items)}",
            "name": step[0],
            "arguments": json.dumps(step[1]),
        }
    return {"output": [output], "usage": {"input_tokens": 10, "output_tokens": 2}}


def scripted(body: dict[str, Any], path: str) -> dict[str, Any]:
    """What the scripted agent answers."""
    return chat(body) if path.endswith("/chat/completions") else responses(body)


@contextmanager
def endpoint(status: int = 200, answer: Callable[[dict[str, Any], str], dict[str, Any]] = scripted) -> Iterator[str]:
    """The base URL of a server that runs meanwhile; with another status it answers nothing but that."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            data = json.dumps(answer(body, self.path)).encode() if status == 200 else b"{}"
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
