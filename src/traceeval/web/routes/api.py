"""The same services as JSON under ``/api/v1``, by bearer token. Its description is at ``/api/v1/openapi.json``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from traceeval.review import Lease, beat, claim, decline, save_draft, show, status, submit
from traceeval.review.agreement import agreements
from traceeval.review.estimates import estimates
from traceeval.web._site import site_of
from traceeval.web.api_model import (
    AgreementOut,
    BeatOut,
    ClaimOut,
    DeclineIn,
    Done,
    DraftIn,
    EstimatesOut,
    Fenced,
    ItemOut,
    LeaseOut,
    NothingOut,
    ProblemOut,
    ReceiptOut,
    ReceivedOut,
    StatusOut,
    VerdictIn,
)
from traceeval.web.callers import Caller, Needs, kinds_of
from traceeval.web.ingest import PROJECT, receive
from traceeval.web.posted import raw
from traceeval.web.roles import May
from traceeval.web.routes._callers import Open

_PROBLEM = {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"description": HTTPStatus(code).phrase, "content": _PROBLEM}
    for code in (401, 403, 404, 409, 410, 413, 422, 429, 503, 507)
}
router = APIRouter(prefix="/api/v1", responses=_PROBLEMS)
Reader = Annotated[Caller, Depends(Needs(May.READ, api=True))]
Seer = Annotated[Caller, Depends(Needs(May.SEE, api=True))]
Reviewer = Annotated[Caller, Depends(Needs(May.REVIEW, api=True))]
Sender = Annotated[Caller, Depends(Needs(May.INGEST, api=True, project=PROJECT))]
Raw = Annotated[bytes, Depends(raw)]
Format = Annotated[str | None, Query(max_length=40, description="the name of an adapter; recognised when missing")]
_BODIES: dict[str, Any] = {
    kind: {"schema": {}} for kind in ("application/x-ndjson", "application/json", "application/x-protobuf")
}
Id = Annotated[int, Path(ge=0, lt=2**63)]
Queue = Annotated[str, Query(min_length=1, max_length=200, description="a queue's name")]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


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


@router.post("/slots/{slot}/beat")
def extend(caller: Reviewer, slot: Id, body: Fenced, request: Request) -> BeatOut:
    """Extend your lease."""
    return BeatOut(until=beat(site_of(request).store, slot, caller.handle, body.fence))


@router.post("/slots/{slot}/draft")
def keep(caller: Reviewer, slot: Id, body: DraftIn, request: Request) -> Done:
    """Save what you have so far; it outlives the lease."""
    save_draft(site_of(request).store, slot, caller.handle, body.fence, body.body)
    return Done()


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


@router.post("/traces", status_code=202, openapi_extra={"requestBody": {"required": True, "content": _BODIES}})
def send(caller: Sender, body: Raw, request: Request, format: Format = None) -> ReceivedOut:
    """Evaluate and queue traces of any known format; the body is the file."""
    return ReceivedOut.of(receive(site_of(request).store, body, format))


@router.get("/openapi.json", include_in_schema=False)
def description(open_: Open, request: Request) -> JSONResponse:
    """The API in OpenAPI's words."""
    return JSONResponse(request.app.openapi())
