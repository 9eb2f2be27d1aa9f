"""The work page: a slot, its trace or two, and its form, shown for the first time or again with what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review import Lease, Nothing, Submission, claim, save_draft
from traceeval.review.desk import Desk, desk, said_before
from traceeval.review.queue import REASONS
from traceeval.review.steps import Stage
from traceeval.review.submission import CAUSES, Problem
from traceeval.web import form as forms
from traceeval.web._reply import language_of, new_key, page, page_asked, see
from traceeval.web._site import site_of
from traceeval.web.callers import Caller
from traceeval.web.trace_view import Sides, spoken
from traceeval.web.words import said_of_steps, words

SIDE_OF = {"alone_a": "a", "alone_b": "b"}


def read(request: Request, caller: Caller, slot: int, form: FormData) -> tuple[Desk, dict[str, Any]]:
    """The slot of a posted form, and what the form says; what it does not show stands in the draft."""
    here = desk(site_of(request).store, slot, caller.handle, held=False)
    sides = Sides(here.shown.trace, here.shown.other)
    return here, forms.body_from(form, here, sides, forms.number(form, "page"))


def take(request: Request, caller: Caller, queue: str, kinds: Collection[str]) -> Response:
    """The next slot of these kinds that is theirs to judge, or why there is none now."""
    found = claim(site_of(request).store, queue, caller.handle, kinds)
    if isinstance(found, Nothing):
        return page(request, caller, "nothing.html.j2", action=quote(request.scope["path"]), nothing=found)
    return see(place_of(found))


def sent(
    request: Request, caller: Caller, slot: int, form: FormData, *, stage: Stage | None = None, decides: bool = False
) -> tuple[Desk, Submission, Response | None]:
    """The slot of a posted form, what it says, and its page again where something is missing; that is a draft, then.

    ``stage``: the one in which it is looked at; None: any.
    """
    here, body = read(request, caller, slot, form)
    said = forms.submission_of(body, forms.text(form, "active_ms"))
    wanted = here.mine and stage in (None, here.stage)
    wrong = forms.wrong_fields(said, here, decides=decides) if wanted else {}
    if not wrong:
        return here, said, None
    save_draft(site_of(request).store, slot, caller.handle, forms.number(form, "fence"), body)
    key, number = forms.text(form, "key"), forms.number(form, "page")
    return here, said, show(request, caller, here, body, number, wrong=wrong, key=key, status=422)


def opened(request: Request, caller: Caller, slot: int) -> Response:
    """The page of a slot, at the page of its trace that the address asks for."""
    return show(request, caller, desk(site_of(request).store, slot, caller.handle), number=page_asked(request))


def show(
    request: Request,
    caller: Caller,
    here: Desk,
    body: Mapping[str, Any] | None = None,
    number: int = 1,
    *,
    wrong: Mapping[str, Problem] | None = None,
    key: str = "",
    status: int = 200,
) -> Response:
    """What the slot asks now, at one page of its trace, with what was typed and what is wrong with it."""
    say = partial(said_of_steps, language_of(request))
    sides = Sides(spoken(here.shown.trace, say), here.shown.other)
    mine: Mapping[str, Any] = {}
    others: list[dict[str, Any]] = []
    if here.stage == "decide":
        mine, others = said_before(site_of(request).store, here.slot, caller.handle)
    body = body or forms.body_of(here.draft or mine)
    traces = [view.page(number, say) for view in sides.views]
    return page(
        request,
        caller,
        template_of(here),
        status=status,
        desk=here,
        trace=traces[0],
        traces=traces,
        page_number=max(trace.page for trace in traces),
        body=body,
        cited=sides.cited(body["evidence"]),
        wrong=in_words(request, wrong or {}),
        key=key or new_key(),
        components=forms.COMPONENTS,
        choices=forms.CHOICES,
        reasons=REASONS,
        causes=CAUSES,
        mine=mine,
        others=others,
    )


def template_of(here: Desk) -> str:
    """The page of a stage."""
    if here.stage in SIDE_OF:
        return "alone.html.j2"
    if here.pair:
        return "pair.html.j2"
    return "decide.html.j2" if here.stage == "decide" else "work.html.j2"


def place_of(here: Desk | Lease) -> str:
    """Where a slot is worked on."""
    return f"/adjudicate/{here.slot}" if here.kind == "adjudicate" else f"/review/slot/{here.slot}"


def in_words(request: Request, wrong: Mapping[str, Problem]) -> dict[str, str]:
    """Field -> message in the reader's language."""
    t = words(language_of(request))
    return {field: t(f"wrong.{one.code}", name=_name(field)) for field, one in wrong.items()}


def _name(field: str) -> str:
    return field.rpartition(".")[2].replace("_", " ")
