"""An auditor's pages: the chain to read and verify, and the pack to take along."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review import verify
from traceeval.review.history import PER_PAGE, events
from traceeval.web._reply import page
from traceeval.web._site import site_of
from traceeval.web.packing import packed
from traceeval.web.routes._callers import Auditor, Form

router = APIRouter(include_in_schema=False)


@router.get("/audit")
def chain(caller: Auditor, request: Request) -> Response:
    """Events, newest first."""
    return _chain(caller, request)


@router.post("/audit/verify")
def walk(caller: Auditor, form: Form, request: Request) -> Response:
    """Walk the whole chain and match it with the rows it speaks of; it changes nothing."""
    return _chain(caller, request, verification=verify(site_of(request).store))


@router.get("/audit/pack")
def pack(caller: Auditor, request: Request) -> Response:
    """One file that verifies anywhere: protocol, people, verdicts, decisions, statistics, the whole record.

    With the decision to release where the server was told of its folder, as it lies there now.
    """
    site = site_of(request)
    data = packed(site.store, site.settings.decision)
    headers = {"content-disposition": 'attachment; filename="audit-pack.zip"'}
    return Response(data, media_type="application/zip", headers=headers)


def _chain(caller: Auditor, request: Request, **values: Any) -> Response:
    before = request.query_params.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    rows, last = events(site_of(request).store, start)
    return page(
        request, caller, "audit.html.j2", **{"verification": None, **values}, rows=rows, last=last, per_page=PER_PAGE
    )
