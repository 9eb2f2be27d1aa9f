"""Adjudication: the trace alone first, then what the two said, without names, and the decision with its cause."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review import Nothing, claim, provisional, save_draft, status, submit
from traceeval.review.board import disputes
from traceeval.review.desk import desk, queues
from traceeval.web import form as forms
from traceeval.web._reply import page, part, see
from traceeval.web._site import site_of
from traceeval.web.roles import DISPUTES, May
from traceeval.web.routes._callers import Adjudicator, Form
from traceeval.web.routes.review import page_asked
from traceeval.web.work import read, show

router = APIRouter(include_in_schema=False)


@router.get("/adjudicate")
def waiting(caller: Adjudicator, request: Request) -> Response:
    """Queues with disputes, how old the oldest is, and what I hold."""
    store = site_of(request).store
    rows = [row for row in queues(store) if caller.may(May.ADJUDICATE, row.project)]
    mine = [(row, status(store, row.name, caller.handle), disputes(store, row.name)) for row in rows]
    return page(request, caller, "disputes.html.j2", rows=mine)


@router.post("/adjudicate/{queue:path}/claim")
def take(caller: Adjudicator, form: Form, queue: str, request: Request) -> Response:
    """The oldest dispute that is mine to settle, or why there is none now."""
    found = claim(site_of(request).store, queue, caller.handle, DISPUTES)
    if isinstance(found, Nothing):
        return page(request, caller, "nothing.html.j2", action=f"/adjudicate/{part(queue)}/claim", nothing=found)
    return see(f"/adjudicate/{found.slot}")


@router.get("/adjudicate/{slot}")
def weigh(caller: Adjudicator, slot: int, request: Request) -> Response:
    """Blind at first; once the blind verdict is stored, beside what the two said."""
    here = desk(site_of(request).store, slot, caller.handle)
    return show(request, caller, here, number=page_asked(request))


@router.post("/adjudicate/{slot}/provisional")
def blind(caller: Adjudicator, form: Form, slot: int, request: Request) -> Response:
    """Store the blind verdict; only then the others are shown."""
    here, body = read(request, caller, slot, form)
    said = forms.submission_of(body)
    store, fence = site_of(request).store, forms.number(form, "fence")
    wrong = forms.wrong_fields(said, here) if here.mine else {}
    if wrong:
        save_draft(store, slot, caller.handle, fence, body)
        return show(request, caller, here, body, forms.number(form, "page"), wrong=wrong, status=422)
    provisional(store, slot, caller.handle, fence, said)
    return see(f"/adjudicate/{slot}", "blind")


@router.post("/adjudicate/{slot}/decide")
def decide(caller: Adjudicator, form: Form, slot: int, request: Request) -> Response:
    """Store the decision, with its rationale and its cause."""
    store, fence, key = site_of(request).store, forms.number(form, "fence"), forms.text(form, "key")
    here, body = read(request, caller, slot, form)
    said = forms.submission_of(body, forms.text(form, "active_ms"))
    wrong = forms.wrong_fields(said, here, decides=True) if here.mine and here.stage == "decide" else {}
    if wrong:
        save_draft(store, slot, caller.handle, fence, body)
        return show(request, caller, here, body, forms.number(form, "page"), wrong=wrong, key=key, status=422)
    submit(store, slot, caller.handle, fence, said, key)
    return see("/adjudicate", "decided")
