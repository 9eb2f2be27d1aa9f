"""Who is asking, and whether they may: every route names what it needs, and gets a Caller or the request ends.

A page is asked for with a session's cookie; a change also needs the form's token and a browser that says the form was
ours. The API is asked with a bearer token, which a browser never sends by itself, and never with a cookie.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request

from traceeval.errors import NotFound
from traceeval.review import Store
from traceeval.review.people import Person, find_person
from traceeval.review.places import Place, place_of
from traceeval.web import sessions, tokens
from traceeval.web._site import Site, site_of
from traceeval.web.roles import DISPUTES, EVERYWHERE, KINDS, May, insider, least, may
from traceeval.web.sessions import Session

SAFE = ("GET", "HEAD")
JUDGING = (May.REVIEW, May.ADJUDICATE)
APART = (May.LEAD, May.ADMIN, May.AUDIT)


class NotSignedIn(Exception):
    """Nobody we know is asking."""


class Forbidden(Exception):
    """We know who asks, and they may not; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. ``session`` None: by token, limited to ``scopes``. ``project``: what the request is about, if known."""

    person: Person
    session: Session | None = None
    scopes: frozenset[str] | None = None
    project: str | None = None

    @property
    def handle(self) -> str:
        """Their name."""
        return self.person.handle

    def may(self, need: May, project: str | None = None) -> bool:
        """Whether they may, in that project or, by default, anywhere."""
        return self.within(need) and may(self.person.grants, need, project)

    def within(self, need: May) -> bool:
        """Whether their token, if it is one that asks, was made for it."""
        return self.scopes is None or need.value in self.scopes


def kinds_of(caller: Caller) -> tuple[str, ...]:
    """The kinds of slots a caller may be given in the project they ask about."""
    return KINDS + (DISPUTES if caller.may(May.ADJUDICATE, caller.project) else ())


class Needs:
    """A dependency of a route: the caller, once they may. ``api``: bearer tokens only; else sessions only.

    ``project``: what the route is about where its address names nothing; None: any project will do, so what is done there
    must itself keep to the projects of its caller.
    """

    def __init__(self, need: May, *, api: bool = False, project: str | None = None) -> None:
        """``need``: what the route does."""
        self.need, self.api, self.project = need, api, project

    def __call__(self, request: Request) -> Caller:
        """Let the request through or end it."""
        site = site_of(request)
        known = None if self.api else by_session(request, site)
        with site.store.read() as connection:
            caller = known or by_token(request, site.store, connection)
            request.state.caller = caller  # a refusal is a page of theirs, too
            if not caller.person.grants:
                raise Forbidden("your account has no role yet; ask an admin for one")
            place = place_of(connection, _named(request))
        project = self.project if place is None else place.project
        if project != EVERYWHERE and not insider(caller.person.grants, project):
            raise NotFound("there is no such page for you")
        require_apart(caller, self.need, place)
        require(caller, fitting(self.need, place), project)
        allowed = Caller(caller.person, caller.session, caller.scopes, project)
        request.state.caller = allowed
        return allowed


class SignedIn:
    """A dependency of a route that only needs an account: one's own tokens and password."""

    need = None

    def __call__(self, request: Request) -> Caller:
        """Let the request through or end it."""
        caller = by_session(request, site_of(request))
        request.state.caller = caller
        return caller


class Anyone:
    """A dependency of a route that is open: signing in, health, style. Changes still must come from our own page."""

    need = None

    def __call__(self, request: Request) -> None:
        """Let the request through or end it."""
        if request.method not in SAFE:
            require_own_origin(request, site_of(request))


def _named(request: Request) -> dict[str, str]:
    """What the address names: in its path, and the queue of its query."""
    queue = request.query_params.get("queue")
    return {**({"queue": queue} if queue else {}), **request.path_params}


def fitting(need: May, place: Place | None) -> May:
    """What a route needs of this slot: to judge a dispute is an adjudicator's, by whatever route."""
    return May.ADJUDICATE if need is May.REVIEW and place is not None and place.dispute else need


def require(caller: Caller, need: May, project: str | None) -> None:
    """Let through who may, in that project; ``*``: in all of them; None: in any.

    Raises:
        Forbidden: they may not; says which role is missing where.
    """
    if caller.may(need, project):
        return
    if project is None or not caller.within(need):
        raise Forbidden(f"this needs the right to {need.value}; ask an admin")
    role = least(need)
    if project == EVERYWHERE:
        raise Forbidden(f"this needs the role {role} in every project; ask an admin of every project")
    raise Forbidden(f"this needs the role {role} in project {project}; ask an admin")


def require_apart(caller: Caller, need: May, place: Place | None) -> None:
    """Who runs, keeps or audits a project writes no verdicts in it, unless it is marked solo, whatever token they use.

    Raises:
        Forbidden: they do.
    """
    if need not in JUDGING or place is None or place.solo:
        return
    if any(may(caller.person.grants, duty, place.project) for duty in APART):
        raise Forbidden(
            f"a lead, admin or auditor of {place.project} does not review in it; another person must, or mark it solo"
        )


def by_session(request: Request, site: Site) -> Caller:
    """The caller of a cookie."""
    name = request.cookies.get(site.settings.cookie)
    session = sessions.find(site.store, name, site.settings.idle_s) if name else None
    if session is None:
        raise NotSignedIn
    person = find_person(site.store, person=session.person)
    if person.disabled:
        raise NotSignedIn
    if request.method not in SAFE:
        require_own_origin(request, site)
    return Caller(person, session)


def by_token(request: Request, store: Store, connection: Connection) -> Caller:
    """The caller of a bearer token."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    held = tokens.find(store, connection, secret.strip()) if scheme.lower() == "bearer" else None
    if held is None or held[0].disabled:
        raise NotSignedIn
    person, scopes = held
    return Caller(person, scopes=scopes)


def require_own_origin(request: Request, site: Site) -> None:
    """Refuse what a browser sends for another site's page, or does not say where from.

    Raises:
        Forbidden: the request did not come from a page of ours.
    """
    origin, fetch = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    ours = origin in site.settings.origins
    if not ours and not (fetch == "same-origin" and origin in (None, "null")):
        raise Forbidden("this form was not sent from a page of this server; open the page anew and send it from there")
    if fetch not in (None, "same-origin"):
        raise Forbidden("this form was sent from another site; open the page here and send it from there")


def require_token(caller: Caller, sent: str) -> None:
    """Refuse a form without the token of its session.

    Raises:
        Forbidden: it is missing, or of another session.
    """
    if caller.session is None or not hmac.compare_digest(caller.session.csrf.encode(), sent.encode("utf-8", "replace")):
        raise Forbidden("this form is older than your session; go back, reload the page and send it again")
