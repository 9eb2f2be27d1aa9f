"""Tables of the queue, one schema for SQLite and PostgreSQL (review.md section 4). History tables are insert-only.

Words people wrote (rationales, reasons) live apart in ``free_text``: history holds their salted digest only, so that
they can be erased and the record still verifies. ``slot.opened`` says why a slot is there; agreement statistics leave
out a second slot opened because of the first verdict. A new rubric version is a new queue.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

meta = MetaData()
INSERT_ONLY = ("verdict", "decision", "slot_step", "lead_action", "selection_unit", "audit_event", "audit_checkpoint")
ITEM_STATES = ("queued", "in_review", "disputed", "adjudicating", "resolved", "indeterminate", "withdrawn", "blocked")
SLOT_KINDS = ("review", "adjudicate", "gold", "calibration")
SLOT_STATES = ("open", "leased", "submitted", "void")


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _to(table: str, *, index: bool = False) -> Column[int]:
    return Column(f"{table}_id", Integer, ForeignKey(f"{table}.id"), nullable=False, index=index)


def _in(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})")


reviewer = Table(
    "reviewer",
    meta,
    _id(),
    Column("handle", String(200), nullable=False, unique=True),
    Column("oidc_sub", String(300)),
    Column("pw_argon2id", String(300)),
    Column("langs", JSON, nullable=False, default=list),
    Column("tags", JSON, nullable=False, default=list),
    Column("created_at", Float, nullable=False),
    Column("disabled_at", Float),
)
role_grant = Table(
    "role_grant",
    meta,
    _id(),
    _to("reviewer"),
    Column("project", String(200), nullable=False),
    Column("role", String(40), nullable=False),
    UniqueConstraint("reviewer_id", "project", "role"),
)
rubric = Table(
    "rubric",
    meta,
    _id(),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("locale", String(20), nullable=False),
    Column("body", JSON, nullable=False),
    Column("frozen_at", Float),
    UniqueConstraint("name", "version", "locale"),
)
rubric_anchor = Table(
    "rubric_anchor",
    meta,
    _id(),
    _to("rubric"),
    Column("criterion", String(100), nullable=False),
    Column("score", Integer, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("why", Text, nullable=False),
)
qualification = Table(
    "qualification",
    meta,
    _id(),
    _to("reviewer"),
    _to("rubric"),
    Column("lang", String(20), nullable=False),
    Column("n", Integer, nullable=False),
    Column("accuracy", Float),
    Column("alpha", Float),
    Column("passed_at", Float),
    Column("valid_until", Float),
)
queue = Table(
    "queue",
    meta,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    _to("rubric"),
    Column("mode", String(20), nullable=False),
    Column("ttl_s", Integer, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
)
selection_run = Table(
    "selection_run",
    meta,
    _id(),
    _to("queue"),
    Column("frame_sha256", String(64), nullable=False),
    Column("frame_size", Integer, nullable=False),
    Column("seed", String(200), nullable=False),
    Column("plan", JSON, nullable=False),
    Column("code_version", String(40), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("queue_id", "frame_sha256", "seed"),
)
selection_unit = Table(
    "selection_unit",
    meta,
    _id(),
    _to("selection_run"),
    Column("batch", Integer, nullable=False),
    Column("subject_sha256", String(64), nullable=False),
    Column("trace", String(500), nullable=False),
    Column("stratum", String(100), nullable=False),
    Column("pi", Float, nullable=False),
    Column("u", Float, nullable=False),
    Column("level", Float, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("judge_score", Float),
    Column("signals", JSON, nullable=False),
    Column("drawn", Boolean, nullable=False),
    UniqueConstraint("selection_run_id", "subject_sha256"),
)
subject = Table(
    "subject",
    meta,
    Column("sha256", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("redaction_version", String(40), nullable=False),
)
item = Table(
    "item",
    meta,
    _id(),
    _to("queue"),
    Column("subject_sha256", String(64), nullable=False),
    Column("trace", String(500), nullable=False),
    Column("family", String(64), nullable=False),
    Column("round", Integer, nullable=False),
    Column("stratum", String(100), nullable=False),
    Column("lang", String(20)),
    Column("tag", String(100)),
    Column("rank", Float, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("k", Integer, nullable=False),
    Column("safety", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("cause", String(40)),
    Column("version", Integer, nullable=False),
    Column("due_at", Float),
    UniqueConstraint("queue_id", "subject_sha256", "round"),
    _in("state", ITEM_STATES),
)
slot = Table(
    "slot",
    meta,
    _id(),
    _to("item"),
    Column("queue_id", Integer, nullable=False),
    Column("rank", Float, nullable=False),
    Column("subject_sha256", String(64), nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("opened", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reviewer_id", Integer, ForeignKey("reviewer.id")),
    Column("last_holder", Integer),
    Column("fence", Integer, nullable=False),
    Column("lease_until", Float),
    UniqueConstraint("item_id", "n"),
    UniqueConstraint("item_id", "reviewer_id"),
    _in("kind", SLOT_KINDS),
    _in("state", SLOT_STATES),
)
Index(
    "slot_open",
    slot.c.queue_id,
    slot.c.rank,
    slot.c.id,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)
Index(
    "slot_leased", slot.c.lease_until, sqlite_where=text("state = 'leased'"), postgresql_where=text("state = 'leased'")
)
Index("slot_subject", slot.c.subject_sha256, slot.c.reviewer_id)
draft = Table(
    "draft",
    meta,
    _id(),
    _to("slot"),
    _to("reviewer"),
    Column("fence", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("slot_id", "reviewer_id"),
)
slot_step = Table(
    "slot_step",
    meta,
    _id(),
    Column("uuid", String(36), nullable=False, unique=True),
    _to("slot"),
    _to("reviewer"),
    Column("fence", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("slot_id", "reviewer_id", "n"),
)
decline = Table(
    "decline",
    meta,
    _id(),
    Column("subject_sha256", String(64), nullable=False),
    _to("reviewer"),
    Column("reason", String(40), nullable=False),
    Column("at", Float, nullable=False),
)
Index("decline_subject", decline.c.subject_sha256, decline.c.reviewer_id)
verdict = Table(
    "verdict",
    meta,
    _id(),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("slot_id", Integer, ForeignKey("slot.id"), nullable=False, unique=True),
    _to("reviewer"),
    _to("item", index=True),
    Column("round", String(20), nullable=False),
    Column("rubric_sha256", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("redaction_version", String(40), nullable=False),
    Column("presentation", JSON, nullable=False),
    Column("active_ms", Integer),
    Column("fence", Integer, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("idem_key", String(200), nullable=False),
    Column("request_sha256", String(64), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("reviewer_id", "idem_key"),
)
free_text = Table(
    "free_text",
    meta,
    Column("owner", String(36), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("body", JSON, nullable=False),
)
lead_action = Table(
    "lead_action",
    meta,
    _id(),
    Column("action", String(20), nullable=False),
    Column("about", String(100), nullable=False, index=True),
    _to("reviewer"),
    Column("reason", Text, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("at", Float, nullable=False),
)
decision = Table(
    "decision",
    meta,
    _id(),
    _to("item", index=True),
    Column("round", Integer, nullable=False),
    Column("method", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("marks", JSON, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("preference", String(20)),
    Column("verdicts", JSON, nullable=False),
    Column("provisional", String(36)),
    Column("cause", String(40)),
    Column("unreplicated", Boolean, nullable=False),
    Column("supersedes", Integer, ForeignKey("decision.id")),
    Column("at", Float, nullable=False),
)
label = Table(
    "label",
    meta,
    _id(),
    Column("subject_sha256", String(64), nullable=False),
    Column("criterion", String(100), nullable=False),
    Column("value", Float, nullable=False),
    Column("source", String(20), nullable=False),
    Column("pi", Float, nullable=False),
    Column("rubric_sha256", String(64), nullable=False),
    Column("split", String(20), nullable=False),
    _to("decision", index=True),
    Column("superseded_by", Integer, ForeignKey("decision.id")),
)
audit_event = Table(
    "audit_event",
    meta,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
audit_head = Table(
    "audit_head",
    meta,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
audit_checkpoint = Table(
    "audit_checkpoint",
    meta,
    _id(),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("exported_at", Float, nullable=False),
    Column("signature", Text),
)
outbox = Table(
    "outbox",
    meta,
    _id(),
    Column("event", String(100), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Float, nullable=False),
)
