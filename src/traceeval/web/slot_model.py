"""The shapes of work on a slot in the JSON API: what is leased, what is asked now, and what a person says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from pydantic import Field

from traceeval.model import Rubric
from traceeval.review import Lease, Submission
from traceeval.review._rows import Shown
from traceeval.review.desk import Desk
from traceeval.review.steps import Stage
from traceeval.review.submission import Absent, Cause, Preference
from traceeval.web.api_model import Body, NothingOut

MAX_TEXT = 20_000


class Fenced(Body):
    """Whoever holds a lease says so by its fence."""

    fence: int = Field(ge=0, lt=2**31)


class DraftIn(Fenced):
    """What was written so far, of any shape a verdict has."""

    body: dict[str, Any]


class DeclineIn(Fenced):
    """Why a slot is given back."""

    reason: Literal["conflict_of_interest", "language", "expertise", "distress", "broken"]


class MarksIn(Fenced):
    """Marks of one response. A criterion has one of 1..5, or says in ``absent`` why not; see the rubric of the slot."""

    marks: dict[str, int] = Field({})
    absent: dict[str, Absent] = Field({})
    flags: list[str] = Field([])
    reasons: dict[str, str] = Field({})
    evidence: list[str] = Field([], description="ids of spans; behind a: or b: where two responses are shown")
    unsure: list[str] = Field([])
    escalate: bool = False
    blame: list[str] = Field([])
    confidence: int | None = Field(None, ge=1, le=5)
    rationale: str = Field("", max_length=MAX_TEXT)

    def submission(self) -> Submission:
        """As the service takes it."""
        said = self.model_dump(exclude={"fence"})
        fields: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in said.items()}
        return Submission(**fields)


class VerdictIn(MarksIn):
    """A verdict. Side by side, ``a`` is the response in ``trace`` and ``b`` the one in ``other``."""

    rationale: str = Field(max_length=MAX_TEXT)
    preference: Preference | None = Field(None, description="side by side, required")
    preferred: dict[str, Preference] = Field({}, description="criterion -> which is better in it")
    revised_marks: dict[str, int] = Field(
        {}, description="in a protocol, doubts about marks that stand: a:criterion -> 1..5"
    )
    cause: Cause | None = Field(None, description="of an adjudicator's final decision")
    indeterminate: bool = False
    answer: str = Field("", max_length=MAX_TEXT, description="in relevance queues: a right answer to the question")
    claims: list[str] = Field([], description="in relevance queues: what a right answer states")
    active_ms: int | None = Field(None, ge=0, lt=2**31)


class LeaseOut(Body):
    """A slot that is yours until ``until``, seconds of the server's clock. Traces and ``rubric`` are native JSON.

    ``stage``: what is asked now. ``alone_a``, ``alone_b``: the marks of ``trace`` by itself; ``judge``: the verdict (blind,
    where ``kind`` is ``adjudicate``); ``decide``: the adjudicator's decision. ``other``: what stands beside ``trace``.
    """

    slot: str
    item: str
    fence: int
    until: float
    kind: str
    mode: str
    stage: Stage
    trace: Any
    other: Any
    rubric: Any
    warnings: list[str]

    @classmethod
    def of(cls, lease: Lease) -> LeaseOut:
        """Of a claim."""
        where: dict[str, Any] = {"slot": str(lease.slot), "item": str(lease.item), "fence": lease.fence}
        what: dict[str, Any] = {"kind": lease.kind, "mode": lease.mode, "stage": lease.stage}
        asked = _asked(lease.shown, lease.rubric)
        return cls(**where, until=lease.until, **what, **asked, warnings=list(lease.warnings))


class ClaimOut(Body):
    """A lease, or why there is none."""

    lease: LeaseOut | None = None
    nothing: NothingOut | None = None


class SlotOut(Body):
    """A slot you hold, as it stands now. ``left_s``: seconds to the end of its lease.

    ``alone``: your stored marks of each response; ``blind``: your blind verdict of an adjudication; ``said``: what the
    others said, without names, empty before it. ``draft``: what you saved.
    """

    slot: str
    item: str
    fence: int
    left_s: float
    kind: str
    mode: str
    stage: Stage
    trace: Any
    other: Any
    rubric: Any
    warnings: list[str]
    draft: Any
    alone: Any
    blind: Any
    said: list[Any]

    @classmethod
    def of(cls, desk: Desk, blind: Mapping[str, Any] | None, said: list[dict[str, Any]]) -> SlotOut:
        """Of a desk."""
        where: dict[str, Any] = {"slot": str(desk.slot), "item": str(desk.item), "fence": desk.fence}
        what: dict[str, Any] = {"kind": desk.kind, "mode": desk.mode, "stage": desk.stage}
        mine: dict[str, Any] = {"draft": desk.draft, "alone": desk.alone, "blind": blind, "said": said}
        asked = _asked(desk.shown, desk.rubric)
        return cls(**where, left_s=desk.left_s, **what, **asked, warnings=list(desk.warnings), **mine)


class StageOut(Body):
    """What a slot asks next."""

    stage: Stage


class SaidOut(Body):
    """What the others said of a dispute, without names, times or order."""

    said: list[Any]


def _asked(shown: Shown, rubric: Rubric) -> dict[str, Any]:
    """What may be seen at this stage, and what it is asked by."""
    return {
        "trace": msgspec.to_builtins(shown.trace),
        "other": None if shown.other is None else msgspec.to_builtins(shown.other),
        "rubric": msgspec.to_builtins(rubric, str_keys=True),
    }
