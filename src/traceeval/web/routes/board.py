"""A lead's pages: progress and agreement of a queue, and the acts that supersede; an auditor sees them without the acts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review import board as boards
from traceeval.review import lead, schema, status
from traceeval.review.adjudications import adjudications
from traceeval.review.desk import queues
from traceeval.review.drift import alarms, clear_alarm
from traceeval.review.settings import planned, settings_of
from traceeval.web import form as forms
from traceeval.web._reply import language_of, page, page_asked, part, see
from traceeval.web._site import site_of
from traceeval.web.dashboard import dashboard
from traceeval.web.roles import May
from traceeval.web.routes._callers import Form, Lead, Looker, Reader, shown_to

router = APIRouter(include_in_schema=False)


@router.get("/queues")
def every(caller: Looker, request: Request) -> Response:
    """Queues I lead, or may look at."""
    store = site_of(request).store
    rows = [row for row in queues(store) if caller.may(May.LOOK, row.project)]
    shown = [(row, status(store, row.name), boards.board(store, row.name)) for row in rows]
    return page(request, caller, "queues.html.j2", rows=shown, leads=caller.may(May.LEAD))


@router.get("/queue/{queue:path}/results")
def results(caller: Reader, queue: str, request: Request) -> Response:
    """Progress, agreement with intervals, estimates, judge against people."""
    store = site_of(request).store
    values: dict[str, Any] = {
        "queue": queue,
        "now": status(store, queue, None if caller.may(May.LOOK, caller.project) else caller.handle),
        "looks": caller.may(May.LOOK, caller.project),
    }
    return page(request, caller, "results.html.j2", **values, **dashboard(store, values["now"], language_of(request)))


@router.get("/queue/{queue:path}/items")
def items(caller: Looker, queue: str, request: Request) -> Response:
    """Items by state, with what may be done to each."""
    state, number = request.query_params.get("state"), page_asked(request)
    known = state if state in schema.ITEM_STATES else None
    rows, total = boards.items(site_of(request).store, queue, known, number)
    values: dict[str, Any] = {"queue": queue, "rows": rows, "total": total, "state": known, "number": number}
    values |= shown_to(caller, site_of(request).store)
    return page(request, caller, "items.html.j2", states=schema.ITEM_STATES, per_page=boards.PER_PAGE, **values)


@router.get("/queue/{queue:path}")
def one(caller: Looker, queue: str, request: Request) -> Response:
    """Who did how much, what waits, what has no label."""
    store = site_of(request).store
    values: dict[str, Any] = {
        "queue": queue,
        "now": status(store, queue),
        "board": boards.board(store, queue),
        "alarms": alarms(store, queue),
        "rules": settings_of(store, queue),
        "planned": planned(store, queue),
        "third": adjudications(store, queue),
        **shown_to(caller, store),
    }
    return page(request, caller, "queue.html.j2", **values, **dashboard(store, values["now"], language_of(request)))


@router.post("/queue/{queue:path}/item/{item}/reopen")
def reopen(caller: Lead, form: Form, queue: str, item: int, request: Request) -> Response:
    """Queue a resolved item again; a safety item needs a second lead."""
    new = lead.reopen(site_of(request).store, item, caller.handle, forms.text(form, "reason"))
    return see(f"/queue/{part(queue)}/items", "reopened" if new is not None else "second")


@router.post("/queue/{queue:path}/item/{item}/withdraw")
def withdraw(caller: Lead, form: Form, queue: str, item: int, request: Request) -> Response:
    """Take an item out of review."""
    lead.withdraw(site_of(request).store, item, caller.handle, forms.text(form, "reason"))
    return see(f"/queue/{part(queue)}/items", "withdrawn")


@router.post("/queue/{queue:path}/item/{item}/release")
def release(caller: Lead, form: Form, queue: str, item: int, request: Request) -> Response:
    """Offer a blocked item again."""
    lead.release(site_of(request).store, item, caller.handle, forms.text(form, "reason"))
    return see(f"/queue/{part(queue)}/items", "released")


@router.post("/queue/{queue:path}/alarm/{alarm}/clear")
def clear(caller: Lead, form: Form, queue: str, alarm: int, request: Request) -> Response:
    """Let a person go on whom an alarm had paused."""
    clear_alarm(site_of(request).store, alarm, caller.handle, forms.text(form, "reason"))
    return see(f"/queue/{part(queue)}", "cleared")


@router.post("/queue/{queue:path}/slot/{slot}/void")
def void(caller: Lead, form: Form, queue: str, slot: int, request: Request) -> Response:
    """Set a verdict aside; another person judges in its place."""
    lead.void(site_of(request).store, slot, caller.handle, forms.text(form, "reason"))
    return see(f"/queue/{part(queue)}/items", "voided")
