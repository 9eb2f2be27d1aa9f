"""From values to answers: pages with what every page has, and the way on after a form was taken."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from traceeval.web._site import site_of
from traceeval.web.callers import Caller
from traceeval.web.pages import render
from traceeval.web.roles import EVERYWHERE, May
from traceeval.web.words import COOKIE, catalogue, languages, preferred

BEFORE = "te_before"
"""The cookie that ties a form to the browser it was made for, before anybody signed in."""
LINKS = (
    ("review", "/review", May.READ, None),
    ("adjudicate", "/adjudicate", May.ADJUDICATE, None),
    ("lead", "/queues", May.LOOK, None),
    ("audit", "/audit", May.AUDIT, EVERYWHERE),
    ("people", "/people", May.ADMIN, None),
)


def page(request: Request, caller: Caller | None, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the reader's language. A ``said`` of the address names a message of the catalogue, nothing else."""
    said = request.query_params.get("said", "")
    html = render(
        template,
        language_of(request),
        caller=caller,
        csrf=caller.session.csrf if caller and caller.session else "",
        links=list(_links(request, caller)),
        said=said if f"said.{said}" in catalogue("en") else "",
        versions=site_of(request).versions,
        **values,
    )
    return HTMLResponse(html, status)


def guest_form(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A form for somebody without a session, with a token of its own in a cookie and in the form; the same in every window."""
    settings, token = site_of(request).settings, request.cookies.get(BEFORE) or secrets.token_urlsafe(24)
    response = page(request, None, template, status=status, token=token, oidc=settings.oidc is not None, **values)
    response.set_cookie(BEFORE, token, secure=settings.secure, httponly=True, samesite="strict", path="/")
    return response


def _links(request: Request, caller: Caller | None) -> Any:
    if caller is None:
        return
    for name, href, need, project in LINKS:
        if caller.may(need, project):
            yield {"name": name, "href": href, "here": request.url.path.startswith(href.removesuffix("s"))}
    yield {"name": "account", "href": "/account", "here": request.url.path == "/account"}


def language_of(request: Request) -> str:
    """The reader's language, of those there are: what they chose on their account page, else their browser's."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in languages() else preferred(request.headers.get("accept-language", ""))


def page_asked(request: Request) -> int:
    """The page of an address; the first when it names none."""
    number = request.query_params.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 1


def see(path: str, said: str = "") -> RedirectResponse:
    """Where to go once a form was taken, so that reloading sends nothing twice."""
    mark = f"{'&' if '?' in path else '?'}said={said}" if said else ""
    return RedirectResponse(path + mark, status_code=303)


def new_key() -> str:
    """An idempotency key, made when a form is rendered."""
    return secrets.token_urlsafe(18)


def part(name: str) -> str:
    """A name as one part of an address."""
    return quote(name, safe="")
