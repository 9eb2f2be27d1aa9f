"""A form that was posted: read within limits, and only with the token of the session it was made for."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from traceeval.web.callers import Caller, require_token
from traceeval.web.form import text

MAX_FIELDS, MAX_PART = 2_000, 1 << 20


async def posted(request: Request) -> FormData:
    """The form. The caller was found before: a route names its ``Needs`` first.

    Raises:
        Forbidden: it does not carry the token of the caller's session.
    """
    form = await _read(request)
    caller = request.state.caller
    assert isinstance(caller, Caller)
    require_token(caller, text(form, "csrf"))
    return form


async def open_form(request: Request) -> FormData:
    """The form of somebody who has no session yet: its token is in a cookie of that page."""
    return await _read(request)


async def raw(request: Request) -> bytes:
    """The body as it is."""
    return await request.body()


async def _read(request: Request) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise HTTPException(415, "send a form")
    form = await request.form(max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_PART)
    request.state.form = form
    return form
