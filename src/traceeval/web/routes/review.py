"""My queues, and the work page: claim, beat, draft, submit, decline."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review import Nothing, beat, claim, decline, save_draft, status, submit
from traceeval.review.desk import desk, queues
from traceeval.web import form as forms
from traceeval.web._reply import page, part, see
from traceeval.web._site import site_of
from traceeval.web.roles import KINDS, May
from traceeval.web.routes._callers import Form, Reader, Reviewer
from traceeval.web.work import read, show

router = APIRouter(include_in_schema=False)


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
    """The trace, and what is asked of it."""
    here = desk(site_of(request).store, slot, caller.handle)
    return show(request, caller, here, forms.body_of(here.draft), page_asked(request))


@router.post("/review/slot/{slot}/beat")
def extend(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Keep the slot for another while."""
    beat(site_of(request).store, slot, caller.handle, forms.number(form, "fence"))
    return see(f"/review/slot/{slot}?page={forms.number(form, 'page')}", "extended")


@router.post("/review/slot/{slot}/draft")
def keep(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Save what was written so far, and go to another page of the trace if asked."""
    store = site_of(request).store
    _, body = read(request, caller, slot, form)
    save_draft(store, slot, caller.handle, forms.number(form, "fence"), body)
    goto = forms.text(form, "goto")
    number = int(goto) if goto.isdigit() else forms.number(form, "page")
    return see(f"/review/slot/{slot}?page={number}", "draft")


@router.post("/review/slot/{slot}/submit")
def give(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Store the verdict; what is missing is said at its field, and nothing typed is lost."""
    here, body = read(request, caller, slot, form)
    said = forms.submission_of(body, forms.text(form, "active_ms"))
    wrong = forms.wrong_fields(said, here.rubric, {span.id for span in here.shown.trace.spans}, decides=False)
    store, fence, key = site_of(request).store, forms.number(form, "fence"), forms.text(form, "key")
    if wrong and here.mine:
        save_draft(store, slot, caller.handle, fence, body)
        return show(request, caller, here, body, forms.number(form, "page"), wrong=wrong, key=key, status=422)
    receipt = submit(store, slot, caller.handle, fence, said, key)
    return see("/review", "late" if receipt.late else "stored")


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
