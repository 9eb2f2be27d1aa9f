"""The outer wall of every request: which host was asked for, how large the body may be, what every answer carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
FORM_BYTES, FILE_BYTES, TRACE_BYTES = 1 << 20, 8 << 20, 64 << 20
API, TRACES, ROUNDS = "/api/", "/api/v1/traces", "/rounds"


class TooLarge(HTTPException):
    """The body went over its limit while it was read."""


class Guard:
    """Refuses foreign hosts (DNS rebinding) and oversized bodies; adds the security headers to every answer."""

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], *, secure: bool, answer: Callable[[Request, Exception], Response]
    ) -> None:
        """``hosts``: every value of the Host header that is ours; ``answer``: how the app refuses."""
        self.app, self.answer = app, answer
        self.hosts = frozenset(host.lower() for host in hosts)
        self.headers = HEADERS | ({"strict-transport-security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        limit = _limit(scope["path"])
        length = headers.get(b"content-length", b"0")
        if headers.get(b"host", b"").decode("latin-1").lower() not in self.hosts:
            await _foreign(scope["path"])(scope, receive, self._dressed(scope, send))
        elif not length.isdigit() or int(length) > limit:
            response = self.answer(Request(scope), _too_large(limit))
            await response(scope, receive, self._dressed(scope, send))
        else:
            await self.app(scope, _limited(receive, limit), self._dressed(scope, send))

    def _dressed(self, scope: Scope, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        return dressed


def _limit(path: str) -> int:
    """How many bytes a body may have: deliveries of traces, the file of a calibration round, any form."""
    if path == TRACES:
        return TRACE_BYTES
    return FILE_BYTES if path.endswith(ROUNDS) else FORM_BYTES


def _foreign(path: str) -> Response:
    """To another host's name, where no page of ours is: RFC 9457 for the API, a line of text for anybody else."""
    text, status = "This server does not answer to that host name; start it with --allow-host NAME.", 400
    if not path.startswith(API):
        return PlainTextResponse(f"{text}\n", status)
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "code": "unknown_host", "detail": text}
    return JSONResponse(body, status, media_type="application/problem+json")


def _too_large(limit: int) -> TooLarge:
    return TooLarge(413, f"the body is larger than {limit} bytes; nothing was stored")


def _limited(receive: Receive, limit: int) -> Receive:
    """The same body, until it is longer than it may be: a chunked one declares no length."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _too_large(limit)
        return message

    return limited
