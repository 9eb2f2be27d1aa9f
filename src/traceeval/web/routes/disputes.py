"""Adjudication: the trace alone first, then what the two said, without names, and the decision with its cause."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review import provisional, status, submit
from traceeval.review.board import disputes
from traceeval.review.desk import queues
from traceeval.web import form as forms
from traceeval.web._reply import page, see
from traceeval.web._site import site_of
from traceeval.web.roles import DISPUTES, May
from traceeval.web.routes._callers import Adjudicator, Form
from traceeval.web.work import opened, sent, take

router = APIRouter(include_in_schema=False)


@router.get("/adjudicate")
def waiting(caller: Adjudicator, request: Request) -> Response:
    """Queues with disputes, how old the oldest is, and what I hold."""
    store = site_of(request).store
    rows = [row for row in queues(store) if caller.may(May.ADJUDICATE, row.project)]
    mine = [(row, status(store, row.name, caller.handle), disputes(store, row.name)) for row in rows]
    return page(request, caller, "disputes.html.j2", rows=mine)


@router.post("/adjudicate/{queue:path}/claim")
def next_one(caller: Adjudicator, form: Form, queue: str, request: Request) -> Response:
    """The oldest dispute that is mine to settle, or why there is none now."""
    return take(request, caller, queue, DISPUTES)


@router.get("/adjudicate/{slot}")
def weigh(caller: Adjudicator, slot: int, request: Request) -> Response:
    """Blind at first; once the blind verdict is stored, beside what the two said."""
    return opened(request, caller, slot)


@router.post("/adjudicate/{slot}/provisional")
def blind(caller: Adjudicator, form: Form, slot: int, request: Request) -> Response:
    """Store the blind verdict; only then the others are shown."""
    _, said, again = sent(request, caller, slot, form)
    if again is not None:
        return again
    provisional(site_of(request).store, slot, caller.handle, forms.number(form, "fence"), said)
    return see(f"/adjudicate/{slot}", "blind")


@router.post("/adjudicate/{slot}/decide")
def decide(caller: Adjudicator, form: Form, slot: int, request: Request) -> Response:
    """Store the decision, with its rationale and its cause."""
    _, said, again = sent(request, caller, slot, form, stage="decide", decides=True)
    if again is not None:
        return again
    fence, key = forms.number(form, "fence"), forms.text(form, "key")
    submit(site_of(request).store, slot, caller.handle, fence, said, key)
    return see("/adjudicate", "decided")
