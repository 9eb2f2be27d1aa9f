"""A rubric version to read: every question, every mark, every example."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review.desk import rubric_version
from traceeval.web._reply import page
from traceeval.web._site import site_of
from traceeval.web.routes._callers import Number, Reader

router = APIRouter(include_in_schema=False)


@router.get("/rubric/{name}/{version}")
def rubric(caller: Reader, name: str, version: Number, request: Request) -> Response:
    """One version."""
    found, digest = rubric_version(site_of(request).store, name, version)
    return page(request, caller, "rubric.html.j2", rubric=found, sha256=digest)
