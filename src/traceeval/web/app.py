"""One FastAPI app: pages for people, the same services as JSON. It refuses to be built with a route nobody guards."""

from __future__ import annotations

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
    app.add_middleware(Guard, hosts=settings.hosts, secure=settings.secure)
    return app


def routes() -> list[APIRoute]:
    """Every route there is."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def guard_of(route: APIRoute) -> Needs | SignedIn | Anyone | None:
    """What a route asks of its caller."""
    calls = (dependency.call for dependency in route.dependant.dependencies)
    return next((call for call in calls if isinstance(call, GUARDS)), None)
