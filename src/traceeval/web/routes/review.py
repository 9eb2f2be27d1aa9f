"""My queues, and the work page: claim, beat, draft, submit, decline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review import Lease, Nothing, beat, claim, decline, save_draft, status, submit
from traceeval.review.desk import desk, queues
from traceeval.review.steps import Side, save_alone
from traceeval.web import form as forms
from traceeval.web._reply import page, part, see
from traceeval.web._site import site_of
from traceeval.web.roles import KINDS, May
from traceeval.web.routes._callers import Form, Reader, Reviewer
from traceeval.web.work import place_of, read, show

router = APIRouter(include_in_schema=False)
SIDES_OF: Mapping[str, Side] = {"1": "a", "2": "b"}


@router.get("/review")
def home(caller: Reader, request: Request) -> Response:
    """Every queue I may see: how far it is, what is open for me, what I hold."""
    store = site_of(request).store
    rows = [row for row in queues(store) if caller.may(May.READ, row.project)]
    mine = [(row, status(store, row.name, caller.handle, KINDS), caller.may(May.REVIEW, row.project)) for row in rows]
    return page(request, caller, "home.html.j2", rows=mine)


@router.post("/review/{queue:path}/claim")
def take(caller: Reviewer, form: Form, queue: str, request: Request) -> Response:
    """The next slot that is mine to judge, or why there is none now."""
    found = claim(site_of(request).store, queue, caller.handle, KINDS)
    if isinstance(found, Nothing):
        return page(request, caller, "nothing.html.j2", action=f"/review/{part(queue)}/claim", nothing=found)
    return see(f"/review/slot/{found.slot}")


@router.get("/review/slot/{slot}")
def work(caller: Reviewer, slot: int, request: Request) -> Response:
    """The trace, or two of them, and what is asked now."""
    here = desk(site_of(request).store, slot, caller.handle)
    return show(request, caller, here, number=page_asked(request))


@router.post("/review/slot/{slot}/beat")
def extend(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Keep the slot for another while."""
    store = site_of(request).store
    beat(store, slot, caller.handle, forms.number(form, "fence"))
    where = place_of(desk(store, slot, caller.handle))
    return see(f"{where}?page={forms.number(form, 'page')}", "extended")


@router.post("/review/slot/{slot}/draft")
def keep(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Save what was written so far, and go to another page of the trace if asked."""
    here, body = read(request, caller, slot, form)
    save_draft(site_of(request).store, slot, caller.handle, forms.number(form, "fence"), body)
    goto = forms.text(form, "goto")
    number = int(goto) if goto.isascii() and goto.isdigit() and len(goto) < 8 else forms.number(form, "page")
    return see(f"{place_of(here)}?page={number}", "draft")


@router.post("/review/slot/{slot}/step/{n}")
def step(caller: Reviewer, form: Form, slot: int, n: Literal["1", "2"], request: Request) -> Response:
    """Store the marks of one response alone: 1, the left one; 2, the right one. They stay as they are."""
    store, fence = site_of(request).store, forms.number(form, "fence")
    here, body = read(request, caller, slot, form)
    said, side = forms.submission_of(body), SIDES_OF[n]
    wrong = forms.wrong_fields(said, here) if here.mine and here.stage == f"alone_{side}" else {}
    if wrong:
        save_draft(store, slot, caller.handle, fence, body)
        return show(request, caller, here, body, forms.number(form, "page"), wrong=wrong, status=422)
    save_alone(store, slot, caller.handle, fence, side, said)
    save_draft(store, slot, caller.handle, fence, {})
    return see(place_of(here), "step")


@router.post("/review/slot/{slot}/submit")
def give(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Store the verdict; what is missing is said at its field, and nothing typed is lost."""
    here, body = read(request, caller, slot, form)
    said = forms.submission_of(body, forms.text(form, "active_ms"))
    wrong = forms.wrong_fields(said, here) if here.mine else {}
    store, fence, key = site_of(request).store, forms.number(form, "fence"), forms.text(form, "key")
    if wrong:
        save_draft(store, slot, caller.handle, fence, body)
        return show(request, caller, here, body, forms.number(form, "page"), wrong=wrong, key=key, status=422)
    receipt = submit(store, slot, caller.handle, fence, said, key)
    following = claim(store, here.queue, caller.handle, KINDS) if forms.text(form, "next") else None
    where = f"/review/slot/{following.slot}" if isinstance(following, Lease) else "/review"
    return see(where, "late" if receipt.late else "stored")


@router.post("/review/slot/{slot}/decline")
def refuse(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Give the slot back for good."""
    reason = forms.text(form, "reason")
    decline(site_of(request).store, slot, caller.handle, forms.number(form, "fence"), reason)
    return see("/review", "declined")


def page_asked(request: Request) -> int:
    """The page of an address; the first when it names none."""
    number = request.query_params.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 1
