"""The shapes of the JSON API. Ids are strings: large numbers do not survive every client (label-studio#275)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict

from traceeval.measures.resampling import Coefficient
from traceeval.review import Held, ItemView, Nothing, Receipt, Status
from traceeval.review._rates import Rate
from traceeval.review.agreement import Measured
from traceeval.review.estimates import Estimates
from traceeval.web.ingest import Received


class Body(BaseModel):
    """Refuses what it does not know: a mistyped field is an error, never silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NothingOut(Body):
    """Why there is no slot now, in words where it is known: it never means "done"."""

    open_for_others: int
    leased: int
    next_expiry_s: float | None
    why: str | None

    @classmethod
    def of(cls, nothing: Nothing) -> NothingOut:
        """Of a claim that found none."""
        return cls(
            open_for_others=nothing.open_for_others,
            leased=nothing.leased,
            next_expiry_s=nothing.next_expiry_s,
            why=nothing.why,
        )


class BeatOut(Body):
    """The new end of a lease."""

    until: float


class Done(Body):
    """It is stored."""

    done: Literal[True] = True


class ReceiptOut(Body):
    """A stored verdict, and where its item stands. ``replayed``: the same had been stored before."""

    verdict: str
    state: str
    late: bool
    replayed: bool

    @classmethod
    def of(cls, receipt: Receipt) -> ReceiptOut:
        """Of a submit."""
        return cls(verdict=receipt.verdict, state=receipt.state, late=receipt.late, replayed=receipt.replayed)


class HeldOut(Body):
    """A lease of yours."""

    slot: str
    item: str
    fence: int
    kind: str
    left_s: float

    @classmethod
    def of(cls, held: Held) -> HeldOut:
        """Of a status."""
        return cls(slot=str(held.slot), item=str(held.item), fence=held.fence, kind=held.kind, left_s=held.left_s)


class StatusOut(Body):
    """Counts of a queue, and what you may take and hold.

    ``open_for_me``: subjects a claim could give you, ``to_calibrate`` and ``to_qualify`` of these; ``why``: why none.
    """

    queue: str
    items: Mapping[str, int]
    slots: Mapping[str, int]
    frame: int
    next_expiry_s: float | None
    open_for_me: int
    to_calibrate: int
    to_qualify: int
    why: str | None
    mine: list[HeldOut]

    @classmethod
    def of(cls, status: Status) -> StatusOut:
        """Of a queue."""
        return cls(
            queue=status.queue,
            items=status.items,
            slots=status.slots,
            frame=status.frame,
            next_expiry_s=status.next_expiry_s,
            open_for_me=status.open_for_me,
            to_calibrate=status.to_calibrate,
            to_qualify=status.to_qualify,
            why=status.why,
            mine=[HeldOut.of(held) for held in status.mine],
        )


class ItemOut(Body):
    """An item as far as you may know it: ``verdicts`` and ``reasons`` are empty until then.

    ``other``: the second response of a pair; ``judge``: a judge's score, in queues that tell it once you have judged.
    """

    item: str
    state: str
    cause: str | None
    trace: Any
    other: Any
    verdicts: list[Any]
    reasons: list[list[str]]
    decision: Any
    judge: float | None

    @classmethod
    def of(cls, view: ItemView) -> ItemOut:
        """Of an item."""
        return cls(
            item=str(view.id),
            state=view.state,
            cause=view.cause,
            trace=msgspec.to_builtins(view.shown.trace),
            other=None if view.shown.other is None else msgspec.to_builtins(view.shown.other),
            verdicts=list(view.verdicts),
            reasons=[list(reason) for reason in view.reasons],
            decision=view.decision,
            judge=view.judge,
        )


class ReceivedOut(Body):
    """What became of the traces. ``added``: items new in the queue; ``problems``: what could not be read."""

    traces: int
    drawn: int
    added: int
    problems: list[str]

    @classmethod
    def of(cls, received: Received) -> ReceivedOut:
        """Of a delivery."""
        return cls(traces=received.traces, drawn=received.drawn, added=received.added, problems=list(received.problems))


class CoefficientOut(Body):
    """A statistic with its 95 % interval; ``why`` says why it is null."""

    value: float | None
    low: float | None
    high: float | None
    why: str = ""

    @classmethod
    def of(cls, one: Coefficient) -> CoefficientOut:
        """Of a measure."""
        return cls(value=one.value, low=one.low, high=one.high, why=one.why)


class AgreementOut(Body):
    """Agreement on one criterion, flag or the preference: never one statistic without the others."""

    about: str
    kind: str
    lang: str
    rubric: str
    alpha: CoefficientOut
    ac: CoefficientOut
    raw: CoefficientOut
    units: int
    label: str

    @classmethod
    def of(cls, one: Measured) -> AgreementOut:
        """Of a queue."""
        told = one.reviewed
        return cls(
            about=one.about,
            kind=one.kind,
            lang=one.lang,
            rubric=one.rubric,
            alpha=CoefficientOut.of(told.alpha),
            ac=CoefficientOut.of(told.ac),
            raw=CoefficientOut.of(told.raw),
            units=told.units,
            label=told.label,
        )


class EstimateOut(Body):
    """A rate or mean over the whole frame with its interval; there is no plain mean. ``refusals``: why no gate may use it."""

    outcome: str
    kind: str
    value: float | None
    low: float | None
    high: float | None
    hajek: float | None
    n: int
    effective: float
    unanswered: int
    bounds: tuple[float, float] | None
    refusals: list[str]

    @classmethod
    def of(cls, rate: Rate) -> EstimateOut:
        """Of a frame."""
        one = rate.estimate
        return cls(
            outcome=rate.outcome,
            kind=rate.kind,
            value=one.value if one else None,
            low=one.low if one else None,
            high=one.high if one else None,
            hajek=rate.hajek.value if rate.hajek else None,
            n=one.n if one else 0,
            effective=one.effective if one else 0.0,
            unanswered=rate.unanswered,
            bounds=rate.bounds,
            refusals=list(rate.refusals),
        )


class EstimatesOut(Body):
    """What the reviewed traces say of a frame. ``waiting``: why nothing may be said yet, empty when something may."""

    queue: str
    frame_sha256: str
    size: int
    drawn: int
    answered: int
    unanswered: int
    open: int
    interim: bool
    waiting: str
    outcomes: list[EstimateOut]

    @classmethod
    def of(cls, found: Estimates) -> EstimatesOut:
        """Of a queue's latest frame."""
        return cls(
            queue=found.queue,
            frame_sha256=found.frame_sha256,
            size=found.size,
            drawn=found.drawn,
            answered=found.answered,
            unanswered=found.unanswered,
            open=found.open,
            interim=found.interim,
            waiting=found.waiting,
            outcomes=[EstimateOut.of(rate) for rate in found.outcomes],
        )


class ProblemOut(BaseModel):
    """RFC 9457: what went wrong, and what to do, in English. ``code``: which kind of error; it is never renamed."""

    type: str
    title: str
    status: int
    code: str
    detail: str
