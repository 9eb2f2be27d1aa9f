"""Every refusal as a page or as problem+json that says what to do; what was typed comes back to be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from traceeval.errors import (
    InputError,
    KeyReused,
    LeaseLost,
    MissingExtra,
    NotFound,
    Refused,
    StoreFailed,
    TraceevalError,
    Withdrawn,
)
from traceeval.web._guard import API
from traceeval.web._reply import guest_form, language_of, page
from traceeval.web.accounts import TooManyTries
from traceeval.web.callers import Caller, Forbidden, NotSignedIn
from traceeval.web.typed import SECRET, typed
from traceeval.web.words import ENGLISH, retold, words

_KINDS: tuple[tuple[type[Exception], int, str], ...] = (
    (NotSignedIn, 401, "not_signed_in"),
    (Forbidden, 403, "forbidden"),
    (NotFound, 404, "not_found"),
    (LeaseLost, 409, "lease_lost"),
    (Withdrawn, 410, "withdrawn"),
    (TooManyTries, 429, "too_many_tries"),
    (KeyReused, 422, "key_reused"),
    (Refused, 422, "refused"),
    (InputError, 422, "unreadable"),
    (RequestValidationError, 422, "invalid"),
    (StoreFailed, 503, "store_failed"),
    (MissingExtra, 503, "missing_extra"),
    (DBAPIError, 503, "store_failed"),
    (PoolTimeout, 503, "store_failed"),
    (TraceevalError, 422, "refused"),
)
"""Error -> HTTP status, and the code a program knows it by: codes are not changed."""
_HTTP = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}
_FULL = ("SQLITE_FULL", "53100")  # no room on the disk, by SQLite and by PostgreSQL


def install(app: FastAPI) -> None:
    """Answer every error raised on purpose, and mistakes of ours, in the form the caller asked in."""
    for kind, *_ in _KINDS:
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(HTTPException, answer)
    app.add_exception_handler(500, answer)


def answer(request: Request, error: Exception) -> Response:
    """The refusal of one error."""
    status = status_of(error)
    headers = {"retry-after": f"{error.after:.0f}"} if isinstance(error, TooManyTries) else {}
    if request.url.path.startswith(API):
        return problem(error, headers)
    caller = getattr(request.state, "caller", None)
    form = getattr(request.state, "form", None)
    copied = list(typed(form, language_of(request)))
    if status == 401:
        response = guest_form(request, "login.html.j2", status=401, wrong="", next=_next(request), typed=copied)
    else:
        response = page(
            request,
            caller if isinstance(caller, Caller) else None,
            "refused.html.j2",
            status=status,
            code=status,
            entry=_entry(error),
            detail=retold(language_of(request), told(error)),
            typed=copied,
            again=list(_again(form)) if status in (403, 413, 503, 507) and caller else [],
            here=request.url.path,
        )
    response.headers.update(headers)
    return response


def status_of(error: Exception) -> int:
    """The HTTP status of an error."""
    return _known(error)[0]


def _known(error: Exception) -> tuple[int, str]:
    """The HTTP status of an error, and its code."""
    if isinstance(error, HTTPException):
        return error.status_code, _HTTP.get(error.status_code, "http_error")
    if isinstance(error, (StoreFailed, SQLAlchemyError)) and is_full(error):
        return 507, "store_full"
    return next(((status, code) for kind, status, code in _KINDS if isinstance(error, kind)), (500, "internal"))


def is_full(error: BaseException) -> bool:
    """Whether the database had no room left."""
    cause = error if isinstance(error, DBAPIError) else error.__cause__
    original = getattr(cause, "orig", None)
    return any(getattr(original, name, None) in _FULL for name in ("sqlite_errorname", "sqlstate"))


def told(error: Exception) -> str:
    """What is said of it; of a mistake of ours, or a driver's words, nothing."""
    if isinstance(error, HTTPException):
        return str(error.detail)
    if isinstance(error, RequestValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5])
    if isinstance(error, (TraceevalError, Forbidden, TooManyTries)):
        return str(error)
    return ""


def problem(error: Exception, headers: dict[str, str]) -> JSONResponse:
    """RFC 9457. In English whoever asks: programs read it, and logs; pages are what is said in the reader's language."""
    status, code = _known(error)
    entry = _entry(error)
    title = words(ENGLISH)(f"code.{entry}")
    detail = told(error) or _todo(entry)
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    more = {"www-authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(body, status, {**headers, **more}, media_type="application/problem+json")


def _entry(error: Exception) -> str:
    """What the catalogue calls it: its status, or its code where others of that status are told what is not true of it."""
    status, code = _known(error)
    return code if code == "key_reused" else str(status) if status in TITLES else "other"


def _todo(entry: str) -> str:
    """What a program's owner does where the error itself does not say."""
    if entry == "401":
        return "send the header `Authorization: Bearer te_…`; a token is made on the account page, and may have run out"
    return words(ENGLISH)(f"todo.{entry}")


TITLES = (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503, 507)


def _next(request: Request) -> str:
    """Where they were going, when going there changes nothing."""
    asked = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + asked if request.method == "GET" else "/review"


def _again(form: Any) -> Iterator[tuple[str, str]]:
    """Everything that was sent but the session's token."""
    if isinstance(form, FormData):
        for name, value in form.multi_items():
            if isinstance(value, str) and name not in ("csrf", *SECRET):
                yield name, value
