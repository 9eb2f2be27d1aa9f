"""Signing in by an OpenID provider. A subject nobody linked to an account gets no role, and is told which it is."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from traceeval.errors import NotFound
from traceeval.review.people import find_person
from traceeval.web import oidc
from traceeval.web._settings import Oidc
from traceeval.web._site import site_of
from traceeval.web.callers import Forbidden
from traceeval.web.routes._callers import Open
from traceeval.web.routes.auth import sign_in

router = APIRouter(include_in_schema=False)


@router.get("/auth/oidc")
async def begin(open_: Open, request: Request) -> Response:
    """On to the provider."""
    return await oidc.begin(request, _provider(request))


@router.get("/auth/callback")
async def callback(open_: Open, request: Request) -> Response:
    """Back from it: a session for whoever has an account."""
    sub = await oidc.subject(request, _provider(request))
    return await run_in_threadpool(_enter, request, sub)


def _provider(request: Request) -> Oidc:
    provider = site_of(request).settings.oidc
    if provider is None:
        raise NotFound("this server has no OpenID provider")
    return provider


def _enter(request: Request, sub: str) -> Response:
    site = site_of(request)
    try:
        person = find_person(site.store, sub=sub)
    except NotFound as error:
        raise Forbidden(f"nobody linked an account to the subject {sub!r}; ask an admin to add you with it") from error
    if person.disabled:
        raise Forbidden("this account is closed; ask an admin")
    return sign_in(request, site, person.id, "/review")
