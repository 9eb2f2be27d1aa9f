"""A verdict: validated, fenced, idempotent, settled and recorded in one transaction (review.md section 5)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, insert, select, update

from traceeval.errors import KeyReused, LeaseLost, Refused
from traceeval.measures.language import script_of
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._rows import item_row, queue_row_by_id, rubric_of, shown, slot_row
from traceeval.review.settle import settle
from traceeval.review.store import Store, person

MIN_RATIONALE, MIN_RATIONALE_WIDE = 20, 8
_WIDE = frozenset({"han", "kana", "hangul"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person says. ``marks``: criterion -> 1..5, or None with the reason in ``absent``.

    ``reasons``: criterion or flag -> why, required for marks of 2 or less and for every flag. ``evidence``: span ids.
    ``cause``: an adjudicator's, required to decide.
    """

    marks: dict[str, int]
    rationale: str
    absent: dict[str, Literal["not_applicable", "cannot_judge"]]
    flags: tuple[str, ...] = ()
    reasons: dict[str, str]
    evidence: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    escalate: bool = False
    cause: str | None = None
    indeterminate: bool = False
    active_ms: int | None = None

    def body(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "marks": self.marks,
            "rationale": self.rationale,
            "absent": self.absent,
            "flags": sorted(self.flags),
            "reasons": self.reasons,
            "evidence": list(self.evidence),
            "unsure": sorted(self.unsure),
            "escalate": self.escalate,
            "cause": self.cause,
            "indeterminate": self.indeterminate,
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """A stored verdict, and where its item stands now. ``replayed``: the same submission had been stored before."""

    verdict: str
    state: str
    late: bool = False
    replayed: bool = False


CAUSES = ("guideline_gap", "ambiguous", "reviewer_error", "edge_case", "subjective", "missing_evidence")


def submit(store: Store, slot: int, handle: str, fence: int, said: Submission, key: str) -> Receipt:
    """Store a verdict and settle its item.

    Raises:
        Refused: something required is missing; nothing is stored.
        LeaseLost: somebody else has the slot; the draft is kept.
        KeyReused: the key was used with another body.
    """
    with store.write() as connection:
        now = store.now(connection)
        me = person(connection, handle, now)
        row = slot_row(connection, slot)
        item = item_row(connection, row.item_id, lock=True)
        request = ledger.digest([slot, fence, said.body()])
        before = _replayed(connection, me, key, request, item)
        if before is not None:
            return before
        queue = queue_row_by_id(connection, row.queue_id)
        rubric, rubric_sha = rubric_of(connection, queue)
        view = shown(connection, row.subject_sha256)
        validate(said, rubric, {span.id for span in view.trace.spans}, adjudicates=row.kind == "adjudicate")
        if row.kind == "adjudicate":
            _require_provisional(connection, row, fence)
        late = _take(connection, row, me, fence)
        stored = _insert(
            connection,
            row,
            me,
            key,
            {
                "round": "adjudication" if row.kind == "adjudicate" else "live",
                "rubric_sha256": rubric_sha,
                "body": said.body(),
                "payload_sha256": view.payload_sha256,
                "redaction_version": view.redaction_version,
                "presentation": {"order": "single", "locale": rubric.locale, "judge_shown": False},
                "active_ms": said.active_ms,
                "fence": fence,
                "late": late,
                "request_sha256": request,
                "at": now,
            },
        )
        ledger.append(connection, now, handle, "submit", f"verdict:{stored.id}", ledger.row_digest(stored))
        state = settle(connection, item, queue, rubric, now)
        return Receipt(stored.uuid, state, late)


def _replayed(connection: Connection, me: int, key: str, request: str, item: Row[Any]) -> Receipt | None:
    found = and_(schema.verdict.c.reviewer_id == me, schema.verdict.c.idem_key == key)
    row = connection.execute(select(schema.verdict).where(found)).first()
    if row is None:
        return None
    if row.request_sha256 != request:
        raise KeyReused(f"key {key!r} was used with another verdict; use a new key")
    return Receipt(row.uuid, item.state, row.late, replayed=True)


def _take(connection: Connection, slot: Row[Any], me: int, fence: int) -> bool:
    """Move the slot to submitted, if it is still mine; whether the lease had run out.

    Late is accepted while the fence stands, the slot is open, and I was the last to hold it.
    """
    mine = update(schema.slot).where(
        schema.slot.c.id == slot.id,
        schema.slot.c.reviewer_id == me,
        schema.slot.c.fence == fence,
        schema.slot.c.state == "leased",
    )
    done = {"state": "submitted", "lease_until": None}
    if connection.execute(mine.values(**done)).rowcount == 1:
        return False
    late = update(schema.slot).where(
        schema.slot.c.id == slot.id,
        schema.slot.c.fence == fence,
        schema.slot.c.state == "open",
        schema.slot.c.last_holder == me,
    )
    if connection.execute(late.values(**done, reviewer_id=me)).rowcount == 1:
        return True
    raise LeaseLost(f"slot {slot.id} is no longer yours: it was given back or taken by somebody else; claim again")


def _insert(connection: Connection, slot: Row[Any], me: int, key: str, values: dict[str, Any]) -> Row[Any]:
    name = str(uuid.uuid4())
    connection.execute(
        insert(schema.verdict).values(
            uuid=name, slot_id=slot.id, reviewer_id=me, item_id=slot.item_id, idem_key=key, **values
        )
    )
    return connection.execute(select(schema.verdict).where(schema.verdict.c.uuid == name)).one()


def _require_provisional(connection: Connection, slot: Row[Any], fence: int) -> None:
    found = and_(schema.slot_step.c.slot_id == slot.id, schema.slot_step.c.fence == fence, schema.slot_step.c.n == 1)
    if connection.execute(select(schema.slot_step.c.id).where(found)).first() is None:
        raise Refused(f"slot {slot.id}: judge the trace alone first (provisional), then decide")


def provisional(store: Store, slot: int, handle: str, fence: int, said: Submission) -> list[dict[str, Any]]:
    """An adjudicator's blind verdict; only then the two verdicts, without names, times or order.

    Raises:
        Refused: not an adjudication, or something required is missing.
        LeaseLost: the slot is not theirs.
    """
    with store.write() as connection:
        now = store.now(connection)
        me = person(connection, handle, now)
        row = slot_row(connection, slot)
        if row.kind != "adjudicate":
            raise Refused(f"slot {slot} is no adjudication; submit your verdict")
        if (row.reviewer_id, row.fence, row.state) != (me, fence, "leased"):
            raise LeaseLost(f"slot {slot} is no longer yours; claim again")
        rubric, _ = rubric_of(connection, queue_row_by_id(connection, row.queue_id))
        view = shown(connection, row.subject_sha256)
        validate(said, rubric, {span.id for span in view.trace.spans}, adjudicates=False)
        known = and_(schema.slot_step.c.slot_id == slot, schema.slot_step.c.fence == fence)
        if connection.execute(select(schema.slot_step.c.id).where(known)).first() is None:
            connection.execute(
                insert(schema.slot_step).values(slot_id=slot, fence=fence, n=1, body=said.body(), at=now)
            )
            ledger.append(connection, now, handle, "provisional", f"slot:{slot}", ledger.digest(said.body()))
        return disputed_verdicts(connection, row.item_id)


def disputed_verdicts(connection: Connection, item_id: int) -> list[dict[str, Any]]:
    """Marks, flags and rationales of an item's reviewers, de-identified, ordered by digest."""
    found = and_(schema.verdict.c.item_id == item_id, schema.verdict.c.round == "live")
    bodies = [row.body for row in connection.execute(select(schema.verdict).where(found))]
    return sorted(bodies, key=ledger.digest)


def validate(said: Submission, rubric: Rubric, spans: set[str], *, adjudicates: bool) -> None:
    """Everything a verdict must hold.

    Raises:
        Refused: names the first thing that is missing or wrong.
    """
    names = [criterion.name for criterion in rubric.criteria]
    unknown = [name for name in (*said.marks, *said.absent) if name not in names]
    if unknown:
        raise Refused(f"the rubric has no criterion {unknown[0]!r}; it has {', '.join(names)}")
    missing = [name for name in names if name not in said.marks and name not in said.absent]
    if missing:
        raise Refused(f"{missing[0]} has no mark: give 1..5, not_applicable or cannot_judge")
    wrong = [name for name, mark in said.marks.items() if mark not in (1, 2, 3, 4, 5)]
    if wrong:
        raise Refused(f"{wrong[0]}: a mark is 1..5, not {said.marks[wrong[0]]}")
    strange = [flag for flag in said.flags if flag not in rubric.flags]
    if strange:
        raise Refused(f"no flag {strange[0]!r}; flags are {', '.join(rubric.flags)}")
    least = MIN_RATIONALE_WIDE if script_of(said.rationale) in _WIDE else MIN_RATIONALE
    if len(said.rationale.strip()) < least:
        raise Refused(f"the rationale is required: at least {least} characters that say why")
    low = [name for name, mark in said.marks.items() if mark <= 2] + list(said.flags)
    without = [name for name in low if not said.reasons.get(name, "").strip()]
    if without:
        raise Refused(f"{without[0]} needs a reason of its own (--reason {without[0]}=…)")
    lost = [span for span in said.evidence if span not in spans]
    if lost:
        raise Refused(f"evidence {lost[0]!r} is no span of this trace")
    if low and not said.evidence:
        raise Refused(f"{low[0]} needs at least one span as evidence (--evidence SPAN)")
    if adjudicates and said.cause not in CAUSES:
        raise Refused(f"a decision needs a cause: {', '.join(CAUSES)}")
