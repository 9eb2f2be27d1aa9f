"""My queues, and the work page: claim, beat, draft, submit, decline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review import Lease, beat, claim, decline, save_draft, status, submit
from traceeval.review.desk import desk, queues
from traceeval.review.drafts import drafts
from traceeval.review.steps import Side, Stage, save_alone
from traceeval.web import form as forms
from traceeval.web._reply import page, see
from traceeval.web._site import site_of
from traceeval.web.roles import KINDS, May
from traceeval.web.routes._callers import Form, Reader, Reviewer
from traceeval.web.work import opened, place_of, read, sent, take

router = APIRouter(include_in_schema=False)
STEPS: Mapping[str, tuple[Side, Stage]] = {"1": ("a", "alone_a"), "2": ("b", "alone_b")}


@router.get("/review")
def home(caller: Reader, request: Request) -> Response:
    """Every queue I may see: how far it is, what is open for me, what I hold."""
    store = site_of(request).store
    rows = [row for row in queues(store) if caller.may(May.READ, row.project)]
    mine = [(row, status(store, row.name, caller.handle, KINDS), caller.may(May.REVIEW, row.project)) for row in rows]
    return page(request, caller, "home.html.j2", rows=mine)


@router.get("/review/drafts")
def lost(caller: Reviewer, request: Request) -> Response:
    """What I wrote of slots I lost."""
    found = drafts(site_of(request).store, caller.handle)
    rows = [(one, list(forms.written(one.body))) for one in found if caller.may(May.REVIEW, one.project)]
    return page(request, caller, "drafts.html.j2", rows=rows)


@router.post("/review/{queue:path}/claim")
def next_one(caller: Reviewer, form: Form, queue: str, request: Request) -> Response:
    """The next slot that is mine to judge, or why there is none now."""
    return take(request, caller, queue, KINDS)


@router.get("/review/slot/{slot}")
def work(caller: Reviewer, slot: int, request: Request) -> Response:
    """The trace, or two of them, and what is asked now."""
    return opened(request, caller, slot)


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
    side, stage = STEPS[n]
    here, said, again = sent(request, caller, slot, form, stage=stage)
    if again is not None:
        return again
    store, fence = site_of(request).store, forms.number(form, "fence")
    save_alone(store, slot, caller.handle, fence, side, said)
    save_draft(store, slot, caller.handle, fence, {})
    return see(place_of(here), "step")


@router.post("/review/slot/{slot}/submit")
def give(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Store the verdict; what is missing is said at its field, and nothing typed is lost."""
    here, said, again = sent(request, caller, slot, form)
    if again is not None:
        return again
    store, fence, key = site_of(request).store, forms.number(form, "fence"), forms.text(form, "key")
    receipt = submit(store, slot, caller.handle, fence, said, key)
    following = claim(store, here.queue, caller.handle, KINDS) if forms.text(form, "next") else None
    where = place_of(following) if isinstance(following, Lease) else "/review"
    return see(where, "late" if receipt.late else "stored")


@router.post("/review/slot/{slot}/decline")
def refuse(caller: Reviewer, form: Form, slot: int, request: Request) -> Response:
    """Give the slot back for good."""
    reason = forms.text(form, "reason")
    decline(site_of(request).store, slot, caller.handle, forms.number(form, "fence"), reason)
    return see("/review", "declined")
