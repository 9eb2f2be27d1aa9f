"""A calibration round once it is laid open: what everybody said, without names, and what was noted."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from traceeval.review.rounds import add_note, revealed
from traceeval.web import form as forms
from traceeval.web._reply import page, see
from traceeval.web._site import site_of
from traceeval.web.plots import Bar, intervals
from traceeval.web.routes._callers import Form, Reviewer, Seer

router = APIRouter(include_in_schema=False)


@router.get("/calibration/{round}")
def laid_open(caller: Seer, round: int, request: Request) -> Response:
    """Distributions and de-identified rationales; refused while the round is on."""
    found = revealed(site_of(request).store, round)
    bars = [Bar(name.replace("_", " "), value, None, None, "all said the same") for name, value in found.alpha.items()]
    plot = Markup(intervals(bars, title="Alpha by criterion", marks=(found.target,)))
    return page(request, caller, "calibration.html.j2", round=found, plot=plot)


@router.post("/calibration/{round}/note")
def note(caller: Reviewer, form: Form, round: int, request: Request) -> Response:
    """Write down what was talked over."""
    add_note(site_of(request).store, round, caller.handle, forms.text(form, "text"))
    return see(f"/calibration/{round}", "noted")
