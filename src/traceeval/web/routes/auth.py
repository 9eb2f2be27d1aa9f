"""Signing in and out, and the one-time link that makes an account."""

from __future__ import annotations

import hmac

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from traceeval.errors import Refused
from traceeval.review.people import find_person
from traceeval.web import invites, sessions
from traceeval.web._reply import BEFORE, guest_form, see
from traceeval.web._site import Site, site_of
from traceeval.web.callers import Forbidden
from traceeval.web.form import text
from traceeval.web.routes._callers import Account, Form, Open, OpenForm

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(open_: Open) -> RedirectResponse:
    """Where work begins."""
    return RedirectResponse("/review", status_code=303)


@router.get("/auth/login")
def login_page(open_: Open, request: Request) -> Response:
    """The form."""
    return guest_form(request, "login.html.j2", wrong="", next=_local(request.query_params.get("next", "")))


@router.post("/auth/login")
def login(open_: Open, request: Request, form: OpenForm) -> Response:
    """Sign in under a new session id, whatever the browser sent before."""
    _require_same_browser(request, text(form, "token"))
    site, handle, address = (
        site_of(request),
        text(form, "handle").strip(),
        request.client.host if request.client else "",
    )
    person = site.accounts.sign_in(handle, text(form, "password"), address)
    next_ = _local(text(form, "next"))
    if person is None:
        return guest_form(request, "login.html.j2", status=401, wrong="login", next=next_)
    return sign_in(request, site, person.id, next_)


@router.post("/auth/logout")
def logout(caller: Account, form: Form, request: Request) -> Response:
    """Sign out: the session is gone from the server."""
    site = site_of(request)
    if caller.session is not None:
        sessions.end(site.store, caller.session)
    response = see("/auth/login", "out")
    response.delete_cookie(site.settings.cookie, secure=site.settings.secure, httponly=True, samesite="lax")
    return response


@router.get("/auth/setup")
def setup_page(open_: Open, request: Request) -> Response:
    """Choose a password, by a link that works once."""
    secret = request.query_params.get("token", "")
    found = invites.find(site_of(request).store, secret)
    return guest_form(request, "setup.html.j2", invite=found, secret=secret, wrong="", handle="")


@router.post("/auth/setup")
def setup(open_: Open, request: Request, form: OpenForm) -> Response:
    """Make the account and sign in."""
    _require_same_browser(request, text(form, "token"))
    site, secret = site_of(request), text(form, "secret")
    found = invites.find(site.store, secret)
    try:
        handle = invites.accept(site.store, site.accounts, secret, text(form, "handle"), text(form, "password"))
    except Refused as error:
        values = {"invite": found, "secret": secret, "wrong": str(error), "handle": text(form, "handle")}
        return guest_form(request, "setup.html.j2", status=422, **values)
    return sign_in(request, site, find_person(site.store, handle=handle).id, "/review")


def sign_in(request: Request, site: Site, person: int, next_: str) -> Response:
    """Begin a session, end the one the browser had, and go on."""
    old = sessions.find(site.store, request.cookies.get(site.settings.cookie, ""), site.settings.idle_s)
    if old is not None:
        sessions.end(site.store, old)
    name, _ = sessions.begin(site.store, person, site.settings.idle_s, site.settings.absolute_s)
    response = see(next_ or "/review")
    response.set_cookie(
        site.settings.cookie, name, secure=site.settings.secure, httponly=True, samesite="lax", path="/"
    )
    return response


def _require_same_browser(request: Request, sent: str) -> None:
    kept = request.cookies.get(BEFORE, "")
    if not kept or not hmac.compare_digest(kept.encode("utf-8", "replace"), sent.encode("utf-8", "replace")):
        raise Forbidden("this form was made for another browser window; reload the page and send it again")


def _local(path: str) -> str:
    """A path of this site to go to after signing in; anything else is where work begins."""
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() else "/review"
