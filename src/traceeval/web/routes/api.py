"""The same services as JSON under ``/api/v1``, by bearer token. Its description is at ``/api/v1/openapi.json``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from traceeval.review import (
    Lease,
    beat,
    claim,
    decline,
    provisional,
    save_alone,
    save_draft,
    show,
    status,
    submit,
)
from traceeval.review.agreement import agreements
from traceeval.review.desk import desk, said_before
from traceeval.review.estimates import estimates
from traceeval.review.steps import Side
from traceeval.web._site import site_of
from traceeval.web.api_model import (
    AgreementOut,
    BeatOut,
    Done,
    EstimatesOut,
    ItemOut,
    NothingOut,
    ProblemOut,
    ReceiptOut,
    ReceivedOut,
    StatusOut,
)
from traceeval.web.callers import Caller, Needs, kinds_of
from traceeval.web.ingest import OTLP, PROJECT, otlp_reply, receive
from traceeval.web.posted import media_type, raw
from traceeval.web.roles import May
from traceeval.web.routes._callers import Open
from traceeval.web.slot_model import (
    ClaimOut,
    DeclineIn,
    DraftIn,
    Fenced,
    LeaseOut,
    MarksIn,
    SaidOut,
    SlotOut,
    StageOut,
    VerdictIn,
)

_PROBLEM = {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"description": HTTPStatus(code).phrase, "content": _PROBLEM}
    for code in (400, 401, 403, 404, 409, 410, 413, 422, 429, 503, 507)
}
Reader = Annotated[Caller, Depends(Needs(May.READ, api=True))]
Seer = Annotated[Caller, Depends(Needs(May.SEE, api=True))]
Reviewer = Annotated[Caller, Depends(Needs(May.REVIEW, api=True))]
Adjudicator = Annotated[Caller, Depends(Needs(May.ADJUDICATE, api=True))]
Sender = Annotated[Caller, Depends(Needs(May.INGEST, api=True, project=PROJECT))]
Raw = Annotated[bytes, Depends(raw)]
Format = Annotated[str | None, Query(max_length=40, description="the name of an adapter; recognised when missing")]
_BODIES: dict[str, Any] = {kind: {"schema": {}} for kind in ("application/x-ndjson", "application/json", OTLP)}
Id = Annotated[int, Path(ge=0, lt=2**31)]
Queue = Annotated[str, Query(min_length=1, max_length=200, description="a queue's name")]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


def api_router() -> APIRouter:
    """A router under ``/api/v1`` whose routes answer with problems as they are described."""
    return APIRouter(prefix="/api/v1", responses=_PROBLEMS)


def body_of_traces() -> dict[str, Any]:
    """The description of a body that is a file of traces."""
    return {"requestBody": {"required": True, "content": _BODIES}}


router = api_router()


@router.post("/queues/{queue:path}/claim")
def take(caller: Reviewer, queue: str, request: Request) -> ClaimOut:
    """Lease the next slot that is yours to judge. At the limit of leases, one you hold comes back."""
    found = claim(site_of(request).store, queue, caller.handle, kinds_of(caller))
    if isinstance(found, Lease):
        return ClaimOut(lease=LeaseOut.of(found))
    return ClaimOut(nothing=NothingOut.of(found))


@router.get("/queues/{queue:path}/status")
def counts(caller: Reader, queue: str, request: Request) -> StatusOut:
    """Counts of a queue, and what you may take and hold."""
    return StatusOut.of(status(site_of(request).store, queue, caller.handle, kinds_of(caller)))


@router.get("/slots/{slot}")
def held(caller: Reviewer, slot: Id, request: Request) -> SlotOut:
    """A slot you hold: what it asks now, and what you stored and saved of it so far."""
    store = site_of(request).store
    here = desk(store, slot, caller.handle)
    if here.stage != "decide":
        return SlotOut.of(here, None, [])
    return SlotOut.of(here, *said_before(store, slot, caller.handle))


@router.post("/slots/{slot}/beat")
def extend(caller: Reviewer, slot: Id, body: Fenced, request: Request) -> BeatOut:
    """Extend your lease."""
    return BeatOut(until=beat(site_of(request).store, slot, caller.handle, body.fence))


@router.post("/slots/{slot}/draft")
def keep(caller: Reviewer, slot: Id, body: DraftIn, request: Request) -> Done:
    """Save what you have so far; it outlives the lease."""
    save_draft(site_of(request).store, slot, caller.handle, body.fence, body.body)
    return Done()


@router.post("/slots/{slot}/alone/{side}")
def mark(caller: Reviewer, slot: Id, side: Side, body: MarksIn, request: Request) -> StageOut:
    """Store the marks of one response of a protocol, given to it alone: a, then b. They stand from then on."""
    said = body.submission()
    return StageOut(stage=save_alone(site_of(request).store, slot, caller.handle, body.fence, side, said))


@router.post("/slots/{slot}/provisional")
def blind(caller: Adjudicator, slot: Id, body: VerdictIn, request: Request) -> SaidOut:
    """Store your blind verdict of a dispute; only then what the others said is told. Decide by ``submit``, with a cause."""
    said = body.submission()
    return SaidOut(said=provisional(site_of(request).store, slot, caller.handle, body.fence, said))


@router.post("/slots/{slot}/submit")
def give(caller: Reviewer, slot: Id, body: VerdictIn, key: Key, request: Request) -> ReceiptOut:
    """Store your verdict. Repeat it with the same key until you get an answer: it is stored once."""
    return ReceiptOut.of(submit(site_of(request).store, slot, caller.handle, body.fence, body.submission(), key))


@router.post("/slots/{slot}/decline")
def refuse(caller: Reviewer, slot: Id, body: DeclineIn, request: Request) -> Done:
    """Give a slot back for good: its subject is never offered to you again."""
    decline(site_of(request).store, slot, caller.handle, body.fence, body.reason)
    return Done()


@router.get("/items/{item}")
def one(caller: Seer, item: Id, request: Request) -> ItemOut:
    """An item: why it was chosen once you judged it, what others said once it is settled."""
    return ItemOut.of(show(site_of(request).store, item, caller.handle))


@router.get("/estimates")
def rates(caller: Reader, queue: Queue, request: Request) -> EstimatesOut:
    """What the reviewed traces say of the whole frame, every trace weighted by its chance to be drawn."""
    return EstimatesOut.of(estimates(site_of(request).store, queue))


@router.get("/agreement")
def agreed(caller: Reader, queue: Queue, request: Request) -> list[AgreementOut]:
    """How far independent reviewers agree, by criterion, language and rubric version."""
    return [AgreementOut.of(one) for one in agreements(site_of(request).store, queue)]


@router.post(
    "/traces",
    status_code=202,
    responses={200: {"description": "To an OTLP/HTTP exporter: ExportTraceServiceResponse", "content": {OTLP: {}}}},
    openapi_extra=body_of_traces(),
    response_model=ReceivedOut,
)
def send(caller: Sender, body: Raw, request: Request, format: Format = None) -> ReceivedOut | Response:
    """Evaluate and queue traces of any known format; the body is the file.

    OTLP/HTTP exporters may send here: to protobuf the answer is OTLP's own.
    """
    received = receive(site_of(request).store, body, format)
    if media_type(request) == OTLP:
        return Response(otlp_reply(received.problems), 200, media_type=OTLP)
    return ReceivedOut.of(received)


@router.get("/openapi.json", include_in_schema=False)
def description(open_: Open, request: Request) -> JSONResponse:
    """The API in OpenAPI's words."""
    return JSONResponse(request.app.openapi())
