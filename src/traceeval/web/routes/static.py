"""What stands beside the pages: one stylesheet, one script, one mark; and whether the server lives."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from traceeval.web._site import site_of
from traceeval.web.pages import mark, script, stylesheet
from traceeval.web.routes._callers import Open

router = APIRouter(include_in_schema=False)
_FOREVER = {"cache-control": "public, max-age=31536000, immutable"}


@router.get("/static/review.css")
def style(open_: Open) -> Response:
    """The stylesheet; its address carries its digest."""
    return Response(stylesheet(), media_type="text/css", headers=_FOREVER)


@router.get("/static/review.js")
def javascript(open_: Open) -> Response:
    """The script; pages work without it."""
    return Response(script(), media_type="text/javascript", headers=_FOREVER)


@router.get("/static/mark.svg")
def icon(open_: Open) -> Response:
    """The mark in the browser's tab."""
    return Response(mark(), media_type="image/svg+xml", headers=_FOREVER)


@router.get("/healthz")
def health(open_: Open, request: Request) -> JSONResponse:
    """Whether the database answers."""
    with site_of(request).store.read() as connection:
        connection.execute(text("SELECT 1"))
    return JSONResponse({"status": "ok"})
