"""The work page: a slot, its trace and its form, shown for the first time or again with what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review.desk import Desk, desk
from traceeval.review.queue import REASONS
from traceeval.review.submission import Problem
from traceeval.web import form as forms
from traceeval.web._reply import language_of, new_key, page
from traceeval.web._site import site_of
from traceeval.web.callers import Caller
from traceeval.web.trace_view import TraceView
from traceeval.web.words import words


def read(request: Request, caller: Caller, slot: int, form: FormData) -> tuple[Desk, dict[str, Any]]:
    """The slot of a posted form, and what the form says; what it does not show stands in the draft."""
    here = desk(site_of(request).store, slot, caller.handle, held=False)
    view = TraceView(here.shown.trace)
    seqs = view.seqs_of(forms.number(form, "page"))
    return here, forms.body_from(form, here.rubric, view, seqs, here.draft)


def show(
    request: Request,
    caller: Caller,
    here: Desk,
    body: Mapping[str, Any],
    number: int = 1,
    *,
    wrong: Mapping[str, Problem] | None = None,
    key: str = "",
    status: int = 200,
    template: str = "work.html.j2",
    **values: Any,
) -> Response:
    """The work page at one page of the trace, with what was typed and what is wrong with it."""
    view = TraceView(here.shown.trace)
    trace = view.page(number)
    return page(
        request,
        caller,
        template,
        status=status,
        desk=here,
        trace=trace,
        page_number=trace.page,
        body=body,
        cited=view.seqs(body["evidence"]),
        wrong=in_words(request, wrong or {}),
        key=key or new_key(),
        warning=here.safety,
        components=forms.COMPONENTS,
        reasons=REASONS,
        **values,
    )


def in_words(request: Request, wrong: Mapping[str, Problem]) -> dict[str, str]:
    """Field -> message in the reader's language."""
    t = words(language_of(request))
    return {field: t(f"wrong.{one.code}", name=_name(field)) for field, one in wrong.items()}


def _name(field: str) -> str:
    return field.rpartition(".")[2].replace("_", " ")
