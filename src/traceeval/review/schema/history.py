"""What happened, insert-only: verdicts, decisions, what a lead did, labels, the audit chain; and what is told outside."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from traceeval.review.schema._columns import LATER, key, meta, to

slot_step = Table(
    "slot_step",
    meta,
    key(),
    Column("uuid", String(36), nullable=False, unique=True),
    to("slot"),
    to("reviewer"),
    Column("fence", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("slot_id", "reviewer_id", "n"),
)
verdict = Table(
    "verdict",
    meta,
    key(),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("slot_id", Integer, ForeignKey("slot.id"), nullable=False, unique=True),
    to("reviewer"),
    to("item", index=True),
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
    Column("replaces", Integer, info=LATER),
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
    key(),
    Column("action", String(20), nullable=False),
    Column("about", String(100), nullable=False, index=True),
    to("reviewer"),
    Column("reason", Text, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("at", Float, nullable=False),
)
decision = Table(
    "decision",
    meta,
    key(),
    to("item", index=True),
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
    Column("rubric_proposal", Integer, info=LATER),
    Column("at", Float, nullable=False),
)
label = Table(
    "label",
    meta,
    key(),
    Column("subject_sha256", String(64), nullable=False),
    Column("criterion", String(100), nullable=False),
    Column("value", Float, nullable=False),
    Column("source", String(20), nullable=False),
    Column("pi", Float, nullable=False),
    Column("rubric_sha256", String(64), nullable=False),
    Column("split", String(20), nullable=False),
    to("decision", index=True),
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
    key(),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("exported_at", Float, nullable=False),
    Column("signature", Text),
)
outbox = Table(
    "outbox",
    meta,
    key(),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("event", String(100), nullable=False),
    Column("project", String(200), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", Float, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("delivered_at", Float),
    Column("last_error", Text),
)
Index("outbox_due", outbox.c.delivered_at, outbox.c.next_at)
regression_pin = Table(
    "regression_pin",
    meta,
    key(),
    Column("decision_id", Integer, ForeignKey("decision.id"), nullable=False, unique=True),
    Column("scenario", String(500), nullable=False),
    Column("expected", JSON, nullable=False),
    Column("threshold", JSON, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Column("flagged_at", Float),
    Column("flag_reason", Text),
)
