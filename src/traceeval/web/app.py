"""One FastAPI app: pages for people, the same services as JSON. It refuses to be built with a route nobody guards."""

from __future__ import annotations

import secrets

from fastapi import FastAPI
from fastapi.routing import APIRoute

from traceeval import __version__
from traceeval.review import Store
from traceeval.web import _errors
from traceeval.web._guard import Guard
from traceeval.web._settings import Settings
from traceeval.web._site import Site, versions
from traceeval.web.accounts import Accounts
from traceeval.web.callers import Anyone, Needs, SignedIn
from traceeval.web.oidc import COOKIE, LIFE_S
from traceeval.web.routes import ROUTERS

GUARDS = (Needs, SignedIn, Anyone)


def make_app(store: Store, settings: Settings) -> FastAPI:
    """The app over a store.

    Raises:
        TypeError: a route names nobody who may call it, which is a mistake of ours.
    """
    app = FastAPI(
        title="traceeval",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.site = Site(store, settings, Accounts(store), versions())
    for router in ROUTERS:
        app.include_router(router)
    _errors.install(app)
    unguarded = [route.path for route in routes() if guard_of(route) is None]
    if unguarded:
        raise TypeError(f"routes without a guard: {', '.join(unguarded)}; give each one Needs, SignedIn or Anyone")
    if settings.oidc is not None:
        _keep_sign_ins(app, settings)
    app.add_middleware(Guard, hosts=settings.hosts, secure=settings.secure, answer=_errors.answer)
    return app


def _keep_sign_ins(app: FastAPI, settings: Settings) -> None:
    """What a sign-in by a provider must remember until the browser is back, in a signed cookie of its own."""
    from starlette.middleware.sessions import SessionMiddleware

    cookie = {"session_cookie": COOKIE, "max_age": LIFE_S, "same_site": "lax", "https_only": settings.secure}
    app.add_middleware(SessionMiddleware, secret_key=secrets.token_urlsafe(32), path="/auth", **cookie)  # type: ignore[arg-type]


def routes() -> list[APIRoute]:
    """Every route there is."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def guard_of(route: APIRoute) -> Needs | SignedIn | Anyone | None:
    """What a route asks of its caller."""
    calls = (dependency.call for dependency in route.dependant.dependencies)
    return next((call for call in calls if isinstance(call, GUARDS)), None)
