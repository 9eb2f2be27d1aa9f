"""Calibration rounds: a lead opens and reveals them; laid open, they show what everybody said, without names."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from traceeval.errors import Refused
from traceeval.review.calibration import queue_of_round, rounds, versions
from traceeval.review.desk import queues
from traceeval.review.pairs import PAIR_MODES
from traceeval.review.rounds import FEWEST, MOST, TARGET, add_note, reveal, revealed
from traceeval.web import form as forms
from traceeval.web._reply import language_of, page, part, see
from traceeval.web._site import site_of
from traceeval.web.callers import Caller
from traceeval.web.ingest import open_round_on
from traceeval.web.plots import Bar, intervals
from traceeval.web.roles import May
from traceeval.web.routes._callers import FileForm, Form, Lead, Looker, Reviewer, Seer
from traceeval.web.words import words

router = APIRouter(include_in_schema=False)


@router.get("/calibration/{round}")
def laid_open(caller: Seer, round: int, request: Request) -> Response:
    """Distributions and de-identified rationales; refused while the round is on."""
    found = revealed(site_of(request).store, round)
    t = words(language_of(request))
    bars = [Bar(name.replace("_", " "), value, None, None, t("plot.same")) for name, value in found.alpha.items()]
    plot = Markup(intervals(bars, t, title="plot.by_criterion", marks=(found.target,)))
    return page(
        request, caller, "calibration.html.j2", round=found, plot=plot, note_at=_note_at(request, caller, round)
    )


def _note_at(request: Request, caller: Caller, round: int) -> str | None:
    """Where the caller's note goes; None: they may write none."""
    if caller.may(May.REVIEW, caller.project):
        return f"/calibration/{round}/note"
    queue = queue_of_round(site_of(request).store, round)
    return f"/queue/{part(queue)}/round/{round}/note" if caller.may(May.LEAD, caller.project) else None


@router.post("/calibration/{round}/note")
def note(caller: Reviewer, form: Form, round: int, request: Request) -> Response:
    """Write down what was talked over."""
    add_note(site_of(request).store, round, caller.handle, forms.text(form, "text"))
    return see(f"/calibration/{round}", "noted")


@router.get("/queue/{queue:path}/rounds")
def every(caller: Looker, queue: str, request: Request) -> Response:
    """The rounds of a queue, and the form that opens the next."""
    store = site_of(request).store
    limits: dict[str, Any] = {"fewest": FEWEST, "most": MOST, "target": TARGET}
    pairs = next(row.mode for row in queues(store) if row.name == queue) in PAIR_MODES
    values: dict[str, Any] = {"rounds": rounds(store, queue), "rubrics": versions(store), "pairs": pairs}
    values["leads"] = caller.may(May.LEAD, caller.project)
    return page(request, caller, "rounds.html.j2", queue=queue, **limits, **values)


@router.post("/queue/{queue:path}/rounds")
def begin(caller: Lead, sent: FileForm, queue: str, request: Request) -> Response:
    """Open a round on the traces of a file."""
    store, form = site_of(request).store, sent.form
    tried = forms.number(form, "rubric") if forms.text(form, "rubric") else None
    target = _target(forms.text(form, "target"))
    open_round_on(store, queue, caller.handle, sent.file, sent.name, rubric=tried, target=target)
    return see(f"/queue/{part(queue)}/rounds", "round_open")


def _target(text: str) -> float:
    try:
        target = float(text.replace(",", "."))  # as the reader's language writes it
    except ValueError as error:
        raise Refused(f"a target is a number from 0 to 1, not {text!r}") from error
    if not 0 <= target <= 1:
        raise Refused(f"a target is a number from 0 to 1, not {text!r}")
    return target


@router.post("/queue/{queue:path}/round/{round}/reveal")
def lay_open(caller: Lead, form: Form, queue: str, round: int, request: Request) -> Response:
    """End a round; from now on those who took part see what all said."""
    reveal(site_of(request).store, round, caller.handle)
    return see(f"/calibration/{round}", "round_revealed")


@router.post("/queue/{queue:path}/round/{round}/note")
def leads_note(caller: Lead, form: Form, queue: str, round: int, request: Request) -> Response:
    """A lead's note."""
    add_note(site_of(request).store, round, caller.handle, forms.text(form, "text"))
    return see(f"/calibration/{round}", "noted")
