"""A local OpenAI-compatible endpoint: latency, failures and verdicts are scripted, every request is logged."""

from __future__ import annotations

import json
import multiprocessing
import random
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Verdict = Callable[[dict[str, Any], list[dict[str, Any]]], dict[str, Any]]


def fair(claim: dict[str, Any], passages: list[dict[str, Any]]) -> dict[str, Any]:
    """Supported with its quote when a passage holds the claim word for word, else unsupported."""
    bare = claim["text"].rstrip(".")
    for passage in passages:
        if bare in passage["text"]:
            quotes = [{"passage": passage["id"], "text": bare}]
            return {"id": claim["id"], "label": "supported", "p": 0.95, "quotes": quotes}
    return {"id": claim["id"], "label": "unsupported", "p": 0.05, "quotes": []}


class Stub:
    """``verdict``: says one claim. ``reply``: replaces the whole content of a reply, given body and request number."""

    def __init__(
        self,
        *,
        verdict: Verdict = fair,
        latency: float = 0.0,
        failing: float = 0.0,
        status: int = 500,
        headers: dict[str, str] | None = None,
        die_after: int | None = None,
        reply: Callable[[dict[str, Any], int], str] | None = None,
        usage: bool = True,
        hold: threading.Event | None = None,
        together: threading.Barrier | None = None,
    ) -> None:
        self.verdict = verdict
        self.latency = latency
        self.failing = failing
        self.status = status
        self.headers = headers or {}
        self.die_after = die_after
        self.reply = reply
        self.usage = usage
        self.hold = hold
        self.together = together
        self.requests: list[dict[str, Any]] = []
        self.failures = 0
        self.in_flight = 0
        self.events: list[tuple[float, int, bool]] = []  # when, how many in flight afterwards, whether it arrived
        self._random = random.Random(7)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Stub:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def most(self) -> int:
        return max((count for _, count, _ in self.events), default=0)

    def full_share(self, level: int) -> float:
        """Share of the time between the first and the last request at which ``level`` requests were in flight."""
        arrivals = [at for at, _, arrived in self.events if arrived]
        first, last = arrivals[0], arrivals[-1]
        full = 0.0
        for (at, count, _), (until, _, _) in zip(self.events, self.events[1:], strict=False):
            if count >= level and at < last:
                full += min(until, last) - at
        return full / (last - first) if last > first else 1.0

    def used_share(self, level: int) -> float:
        """Mean number in flight between the first and the last request, as a share of ``level``."""
        arrivals = [at for at, _, arrived in self.events if arrived]
        first, last = arrivals[0], arrivals[-1]
        area = 0.0
        for (at, count, _), (until, _, _) in zip(self.events, self.events[1:], strict=False):
            area += count * max(0.0, min(until, last) - at)
        return area / (last - first) / level if last > first else 1.0

    def _move(self, by: int) -> None:
        with self._lock:
            self.in_flight += by
            self.events.append((time.monotonic(), self.in_flight, by > 0))

    def _answer(self, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        with self._lock:
            number = len(self.requests)
            self.requests.append(body)
            dead = self.die_after is not None and number >= self.die_after
            failed = dead or self._random.random() < self.failing
            self.failures += failed
        if self.hold is not None:
            self.hold.wait(10)
        if self.together is not None:
            self.together.wait(20)  # raises when nobody else comes: the connection breaks, and the test with it
        if self.latency:
            time.sleep(self.latency)
        if failed:
            return self.status, self.headers, b'{"error": {"message": "scripted failure"}}'
        if "input" in body:  # embeddings: the same direction for everything
            texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
            rows = [{"object": "embedding", "index": n, "embedding": [0.6, 0.8]} for n in range(len(texts))]
            usage = {"prompt_tokens": 1, "total_tokens": 1}
            return 200, {}, json.dumps({"object": "list", "data": rows, "model": "e", "usage": usage}).encode()
        content = self.reply(body, number) if self.reply else self._verdicts(body)
        found: dict[str, Any] = {
            "id": "stub",
            "object": "chat.completion",
            "created": 0,
            "model": body.get("model", "stub"),
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}},
            ],
        }
        if self.usage:
            found["usage"] = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        return 200, {}, json.dumps(found).encode()

    def _verdicts(self, body: dict[str, Any]) -> str:
        data = data_of(body)
        return json.dumps({"verdicts": [self.verdict(claim, data["passages"]) for claim in data["claims"]]})

    def _handler(stub) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1  # head and body leave together

            def parse_request(self) -> bool:
                stub._move(1)  # it is here: reading its head already is the server's work
                return super().parse_request()

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, headers, payload = stub._answer(body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)
                stub._move(-1)
                self.wfile.flush()

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


def data_of(body: dict[str, Any]) -> dict[str, Any]:
    """The JSON document a request quotes between its two marker lines."""
    first, data, last = body["messages"][1]["content"].split("\n")
    if first != last:
        raise ValueError("the data is not quoted between two equal markers")
    found: dict[str, Any] = json.loads(data)
    return found


class Apart:
    """A fair stub in a process of its own, so that its work costs the one under measurement nothing."""

    def __init__(self, **options: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, options), daemon=True)

    def __enter__(self) -> Apart:
        self._process.start()
        self.url: str = self._pipe.recv()
        return self

    def __exit__(self, *error: object) -> None:
        self._pipe.send("stop")
        self._process.join()

    def counts(self, level: int) -> dict[str, Any]:
        """Requests, failures, most in flight, ``full_share`` and ``used_share`` so far."""
        self._pipe.send(level)
        found: dict[str, Any] = self._pipe.recv()
        return found


def _serve(pipe: Any, options: dict[str, Any]) -> None:
    with Stub(**options) as stub:
        pipe.send(stub.url)
        while (asked := pipe.recv()) != "stop":
            pipe.send(
                {
                    "calls": len(stub.requests),
                    "retries": stub.failures,
                    "most_in_flight": stub.most,
                    "full_share": round(stub.full_share(asked), 4),
                    "used_share": round(stub.used_share(asked), 4),
                }
            )
