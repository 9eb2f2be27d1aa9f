"""A form that was posted: read within limits, and only with the token of the session it was made for."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from traceeval.web.callers import Caller, require_token
from traceeval.web.form import text

MAX_FIELDS, MAX_PART = 2_000, 1 << 20


@dataclass(frozen=True, slots=True)
class Filed:
    """A form with its one file; empty where none was chosen."""

    form: FormData
    file: bytes
    name: str


async def posted(request: Request) -> FormData:
    """The form. The caller was found before: a route names its ``Needs`` first.

    Raises:
        Forbidden: it does not carry the token of the caller's session.
    """
    form = await _read(request)
    _require_ours(request, form)
    return form


async def posted_file(request: Request) -> Filed:
    """The form, and the file it holds.

    Raises:
        Forbidden: it does not carry the token of the caller's session.
    """
    form = await _read(request, files=1)
    try:
        _require_ours(request, form)
        sent = next((one for one in form.values() if isinstance(one, UploadFile)), None)
        return Filed(form, b"" if sent is None else await sent.read(), (sent and sent.filename) or "")
    finally:
        await form.close()


def _require_ours(request: Request, form: FormData) -> None:
    caller = request.state.caller
    assert isinstance(caller, Caller)
    require_token(caller, text(form, "csrf"))


async def open_form(request: Request) -> FormData:
    """The form of somebody who has no session yet: its token is in a cookie of that page."""
    return await _read(request)


async def raw(request: Request) -> bytes:
    """The body as it is."""
    return await request.body()


async def _read(request: Request, files: int = 0) -> FormData:
    if media_type(request) not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise HTTPException(415, "send a form")
    form = await request.form(max_files=files, max_fields=MAX_FIELDS, max_part_size=MAX_PART)
    request.state.form = form
    return form


def media_type(request: Request) -> str:
    """What a body says it is, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
