"""Accounts: an admin's page of people and roles, and everybody's own page of password and tokens.

An account is of all projects, and so is everything an admin does to one. An admin of some projects gives and takes roles in
those, among people who have one there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from traceeval.errors import NotFound, Refused
from traceeval.review import Store, people
from traceeval.review.abilities import opt_out, opted_out, set_abilities
from traceeval.review.desk import queues
from traceeval.review.people import Grant, add_person
from traceeval.web import form as forms
from traceeval.web import invites, tokens
from traceeval.web._reply import page, see
from traceeval.web._site import site_of
from traceeval.web.callers import Caller, require
from traceeval.web.roles import EVERYWHERE, SCOPES, May, Role
from traceeval.web.routes._callers import Account, Admin, AdminOfAll, Form, Number
from traceeval.web.words import COOKIE, catalogue, languages

router = APIRouter(include_in_schema=False)
YEAR_S = 365 * 86_400
ROLES = tuple(role.value for role in Role)


@router.get("/people")
def everybody(caller: Admin, request: Request) -> Response:
    """People and their roles, as far as the caller gives them."""
    return _people(caller, request)


@router.post("/people/add")
def add(caller: AdminOfAll, form: Form, request: Request) -> Response:
    """A new account, and the link by which its owner chooses a password; the link is shown once."""
    site, handle = site_of(request), forms.text(form, "handle").strip()
    langs, tags = _listed(form, "langs"), _listed(form, "tags")
    subject = forms.text(form, "sub").strip() or None
    add_person(site.store, handle, caller.handle, langs=langs, tags=tags, sub=subject)
    _grant(site.store, handle, form, caller)
    secret = invites.invite(site.store, project=EVERYWHERE, roles=(), handle=handle)
    return _people(caller, request, link=f"/auth/setup?token={secret}", about=handle)


@router.post("/people/{handle}/link")
def relink(caller: AdminOfAll, form: Form, handle: str, request: Request) -> Response:
    """A new link for somebody who lost their password."""
    secret = invites.invite(site_of(request).store, project=EVERYWHERE, roles=(), handle=handle)
    return _people(caller, request, link=f"/auth/setup?token={secret}", about=handle)


@router.post("/people/{handle}/grant")
def give(caller: Admin, form: Form, handle: str, request: Request) -> Response:
    """Give a role in a project."""
    store = site_of(request).store
    _require_known(caller, store, handle)
    _grant(store, handle, form, caller)
    return see("/people", "granted")


@router.post("/people/{handle}/abilities")
def able(caller: AdminOfAll, form: Form, handle: str, request: Request) -> Response:
    """State somebody's languages and specialities anew."""
    store = site_of(request).store
    people.find_person(store, handle=handle)
    set_abilities(store, handle, caller.handle, langs=_listed(form, "langs"), tags=_listed(form, "tags"))
    return see("/people", "saved")


@router.post("/people/{handle}/revoke")
def take(caller: Admin, form: Form, handle: str, request: Request) -> Response:
    """Take a role back."""
    store, project, role = site_of(request).store, forms.text(form, "project"), forms.text(form, "role")
    _require_known(caller, store, handle)
    require(caller, May.ADMIN, project)
    people.revoke(store, handle, project, role, caller.handle)
    return see("/people", "revoked")


@router.post("/people/{handle}/disable")
def shut(caller: AdminOfAll, form: Form, handle: str, request: Request) -> Response:
    """Shut an account, or open it again."""
    if handle == caller.handle:
        raise Refused("you cannot shut your own account; another admin can")
    people.disable(site_of(request).store, handle, caller.handle, disabled=forms.text(form, "disabled") == "1")
    return see("/people", "saved")


@router.get("/account")
def account(caller: Account, request: Request) -> Response:
    """My tokens and my password."""
    return _account(caller, request)


@router.post("/account/password")
def password(caller: Account, form: Form, request: Request) -> Response:
    """Change my password; every session of mine ends."""
    site = site_of(request)
    address = request.client.host if request.client else ""
    if site.accounts.sign_in(caller.handle, forms.text(form, "old"), address) is None:
        return _account(caller, request, status=422, wrong="old")
    site.accounts.set_password(caller.handle, forms.text(form, "password"))
    return see("/auth/login", "password")


@router.post("/account/language")
def language(caller: Account, form: Form, request: Request) -> Response:
    """The language of the pages in this browser; none: what the browser asks for."""
    chosen, response = forms.text(form, "language"), see("/account", "saved")
    if chosen in languages():
        secure = site_of(request).settings.secure
        response.set_cookie(COOKIE, chosen, max_age=YEAR_S, secure=secure, httponly=True, samesite="lax")
    else:
        response.delete_cookie(COOKIE)
    return response


@router.post("/account/warnings")
def spared(caller: Account, form: Form, request: Request) -> Response:
    """Categories of content I am never given."""
    store = site_of(request).store
    known = opted_out(store, caller.handle)
    opt_out(store, caller.handle, [one for one in forms.texts(form, "category") if one in known])
    return see("/account", "saved")


@router.post("/account/token")
def token(caller: Account, form: Form, request: Request) -> Response:
    """A new token, shown this once."""
    days = forms.number(form, "days")
    scopes = forms.texts(form, "scope")
    name = forms.text(form, "name")
    secret = tokens.issue(site_of(request).store, caller.person.id, caller.handle, name=name, scopes=scopes, days=days)
    return _account(caller, request, secret=secret)


@router.post("/account/token/{token}/revoke")
def end(caller: Account, form: Form, token: Number, request: Request) -> Response:
    """End a token of mine."""
    tokens.revoke(site_of(request).store, token, caller.person.id, caller.handle)
    return see("/account", "revoked")


def _listed(form: FormData, name: str) -> list[str]:
    return [one.strip() for one in forms.text(form, name).split(",") if one.strip()]


def _given_by(caller: Caller, grants: Sequence[Grant]) -> list[Grant]:
    """Those of the grants that this admin may give and take."""
    return [(project, role) for project, role in grants if caller.may(May.ADMIN, project)]


def _require_known(caller: Caller, store: Store, handle: str) -> None:
    """An admin of some projects knows who has a role there, and nobody else."""
    person = people.find_person(store, handle=handle)
    if not (caller.may(May.ADMIN, EVERYWHERE) or _given_by(caller, person.grants)):
        raise NotFound("there is no such account; an admin makes one")


def _grant(store: Store, handle: str, form: FormData, caller: Caller) -> None:
    """The role of a form, if it names one."""
    role, project = forms.text(form, "role"), forms.text(form, "project").strip()
    if not role:
        return
    if role not in ROLES or not project:
        raise Refused(f"a role is one of {', '.join(ROLES)}, in a project or in {EVERYWHERE} for all")
    require(caller, May.ADMIN, project)
    people.grant(store, handle, project, role, caller.handle)


def _people(caller: Admin, request: Request, **values: Any) -> Response:
    store = site_of(request).store
    rows = [(one, _given_by(caller, one.grants)) for one in people.people(store)]
    accounts = caller.may(May.ADMIN, EVERYWHERE)
    named = {row.project for row in queues(store)} | {project for project, _ in caller.person.grants}
    projects = [EVERYWHERE, *sorted(named - {EVERYWHERE})]
    known: dict[str, Any] = {
        "link": "",
        "about": "",
        "accounts": accounts,
        "everybody": [(one, grants) for one, grants in rows if accounts or grants],
        "projects": [project for project in projects if caller.may(May.ADMIN, project)],
        "roles": ROLES,
        "provider": site_of(request).settings.oidc is not None,
    }
    return page(request, caller, "people.html.j2", **{**known, **values})


def _account(caller: Account, request: Request, *, status: int = 200, **values: Any) -> Response:
    mine = tokens.of(site_of(request).store, caller.person.id)
    named = [(name, catalogue(name)["base.language"]) for name in languages()]
    known: dict[str, Any] = {"secret": "", "wrong": "", "tokens": mine, "scopes": SCOPES, "languages": named}
    known["categories"] = opted_out(site_of(request).store, caller.handle)
    known["chosen"] = request.cookies.get(COOKIE, "")
    return page(request, caller, "account.html.j2", status=status, **{**known, **values})
