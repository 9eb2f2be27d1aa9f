"""Calibration rounds as JSON under ``/api/v1``, for leads: open one, see how far people are, reveal it, read it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.requests import Request

from traceeval.review.calibration import rounds, version_named
from traceeval.review.rounds import TARGET, reveal, revealed
from traceeval.web._site import site_of
from traceeval.web.callers import Caller, Needs
from traceeval.web.ingest import open_round_on
from traceeval.web.roles import May
from traceeval.web.rounds_model import OpenedOut, RevealOut, RoundOut
from traceeval.web.routes.api import Raw, api_router, body_of_traces

router = api_router()
Lead = Annotated[Caller, Depends(Needs(May.LEAD, api=True))]
Id = Annotated[int, Path(ge=0, lt=2**31)]
Rubric = Annotated[str | None, Query(max_length=200, description="name:version it tries; the queue's own when missing")]
Target = Annotated[float, Query(ge=0, le=1, allow_inf_nan=False, description="alpha to be reached")]


@router.get("/queues/{queue:path}/rounds")
def every(caller: Lead, queue: str, request: Request) -> list[RoundOut]:
    """The calibration rounds of a queue, and how far people are."""
    return [RoundOut.of(one) for one in rounds(site_of(request).store, queue)]


@router.post("/queues/{queue:path}/rounds", status_code=201, openapi_extra=body_of_traces())
def begin(
    caller: Lead, queue: str, body: Raw, request: Request, rubric: Rubric = None, target: Target = TARGET
) -> OpenedOut:
    """Open a round on 10 to 20 traces of any known format, the same for everybody; the body is the file."""
    store = site_of(request).store
    tried = None if rubric is None else version_named(store, rubric)
    return OpenedOut(
        round=str(open_round_on(store, queue, caller.handle, body, "the body", rubric=tried, target=target))
    )


@router.post("/rounds/{round}/reveal")
def lay_open(caller: Lead, round: Id, request: Request) -> RevealOut:
    """End a round and lay it open to those who took part. Repeated, it says the same."""
    return RevealOut.of(reveal(site_of(request).store, round, caller.handle))


@router.get("/rounds/{round}")
def laid_open(caller: Lead, round: Id, request: Request) -> RevealOut:
    """What everybody said, without names; refused while the round is on."""
    return RevealOut.of(revealed(site_of(request).store, round))
