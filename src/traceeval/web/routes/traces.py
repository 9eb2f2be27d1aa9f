"""An item's trace to read, as far as it may be known; and its long texts, a stretch at a time."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from traceeval.errors import NotFound
from traceeval.review import show
from traceeval.web._reply import language_of, page, page_asked
from traceeval.web._site import site_of
from traceeval.web.roles import May
from traceeval.web.routes._callers import Seer
from traceeval.web.trace_view import TraceView, cut, spoken
from traceeval.web.words import said_of_steps

router = APIRouter(include_in_schema=False)
STRETCH = 40_000


@router.get("/trace/{item}")
def trace(caller: Seer, item: int, request: Request) -> Response:
    """The trace; why it was chosen once I judged it, what was said of it once it is settled."""
    view = show(site_of(request).store, item, caller.handle)
    say = partial(said_of_steps, language_of(request))
    shown = TraceView(spoken(view.shown.trace, say)).page(page_asked(request), say)
    judges = caller.may(May.REVIEW, caller.project)
    return page(request, caller, "trace.html.j2", item=view, trace=shown, judges=judges)


@router.get("/trace/{item}/span/{seq}/text")
def stretch(caller: Seer, item: int, seq: int, request: Request) -> Response:
    """Part of a long text, from a character on."""
    view = show(site_of(request).store, item, caller.handle)
    numbers = [request.query_params.get(name, "0") for name in ("part", "from")]
    part, start = (int(one) if one.isascii() and one.isdigit() and len(one) < 12 else 0 for one in numbers)
    text = TraceView(view.shown.trace).text(seq, part)
    if text is None:
        raise NotFound(f"item {item} has no such text")
    shown = cut(text[start : start + STRETCH], 6 * STRETCH)
    values: dict[str, Any] = {
        "item": item,
        "seq": seq,
        "part": part,
        "start": start,
        "shown": shown,
        "whole": len(text),
    }
    return page(request, caller, "stretch.html.j2", before=max(start - STRETCH, 0), **values)
