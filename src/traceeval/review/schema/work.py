"""The work: queues, the frames they were drawn from, items, slots, and what people are writing."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
    literal_column,
    text,
)

from traceeval.review.schema._columns import LATER, key, meta, one_of, to

MODES = ("single", "pairwise", "protocol", "relevance")
ITEM_KINDS = ("review", "gold", "calibration")
ITEM_STATES = ("queued", "in_review", "disputed", "adjudicating", "resolved", "indeterminate", "withdrawn", "blocked")
SLOT_KINDS = ("review", "adjudicate", "gold", "calibration")
SLOT_STATES = ("open", "leased", "submitted", "void")

queue = Table(
    "queue",
    meta,
    key(),
    Column("name", String(200), nullable=False, unique=True),
    to("rubric"),
    Column("mode", String(20), nullable=False),
    Column("ttl_s", Integer, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("project", String(200), nullable=False, default="default", server_default="default"),
    Column("k", Integer, nullable=False, default=1, server_default="1"),
    Column("audience", String(200)),
)
selection_run = Table(
    "selection_run",
    meta,
    key(),
    to("queue"),
    Column("frame_sha256", String(64), nullable=False),
    Column("frame_size", Integer, nullable=False),
    Column("seed", String(200), nullable=False),
    Column("plan", JSON, nullable=False),
    Column("code_version", String(40), nullable=False),
    Column("at", Float, nullable=False),
    Column("read_at", Float, info=LATER),
    UniqueConstraint("queue_id", "frame_sha256", "seed"),
)
selection_unit = Table(
    "selection_unit",
    meta,
    key(),
    to("selection_run"),
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
    Column("lang", String(20), info=LATER),
    Column("slices", JSON(none_as_null=True), info=LATER),
    UniqueConstraint("selection_run_id", "subject_sha256"),
)
subject = Table(
    "subject",
    meta,
    Column("sha256", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("redaction_version", String(40), nullable=False),
    Column("parts", Integer, nullable=False, default=1, server_default="1"),
)
original = Table(
    "original",
    meta,
    Column("subject_sha256", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    Column("at", Float, nullable=False),
)
pool_unit = Table(
    "pool_unit",
    meta,
    key(),
    Column("selection_unit_id", Integer, ForeignKey("selection_unit.id"), nullable=False, unique=True),
    Column("question", String(500), nullable=False),
    Column("doc", String(500), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("runs", JSON, nullable=False),
)
item = Table(
    "item",
    meta,
    key(),
    to("queue"),
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
    Column("kind", String(20), nullable=False, default="review", server_default="review"),
    Column("calibration_round_id", Integer),
    Column("overlap", Float, nullable=False, default=1.0, server_default="1"),
    Column("waiting_since", Float, nullable=False, default=0.0, server_default="0"),
    Column("second_lang", String(20)),
    UniqueConstraint("queue_id", "subject_sha256", "round"),
    one_of("state", ITEM_STATES),
)
slot = Table(
    "slot",
    meta,
    key(),
    to("item"),
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
    Column("swapped", Boolean, nullable=False, default=False, server_default=false()),
    Column("opened_at", Float),
    Column("leased_at", Float),
    UniqueConstraint("item_id", "n"),
    UniqueConstraint("item_id", "reviewer_id"),
    one_of("kind", SLOT_KINDS),
    one_of("state", SLOT_STATES),
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
Index("slot_reviewer", slot.c.queue_id, slot.c.reviewer_id)
Index("slot_holder", slot.c.queue_id, slot.c.last_holder)
Index("slot_subject", slot.c.subject_sha256, slot.c.reviewer_id)


def in_state(table: FromClause, state: Literal["open", "leased"]) -> ColumnElement[bool]:
    """Slots of a state that has an index of its own.

    It stands in the statement, not beside it as a parameter: a plan that PostgreSQL prepared for any state has no use for
    that index, and reads the whole queue.
    """
    return table.c.state == literal_column(f"'{state}'")


def is_work(table: FromClause) -> ColumnElement[bool]:
    """Items or slots that count as work: gold and calibration are nobody's progress and never have a decision."""
    return table.c.kind.in_(("review", "adjudicate"))


subject_warning = Table(
    "subject_warning",
    meta,
    key(),
    Column("subject_sha256", String(64), nullable=False),
    Column("category", String(100), nullable=False),
    UniqueConstraint("subject_sha256", "category"),
)
response = Table(
    "response",
    meta,
    key(),
    Column("pair_sha256", String(64), nullable=False),
    Column("subject_sha256", String(64), nullable=False),
    UniqueConstraint("pair_sha256", "subject_sha256"),
)
Index("response_subject", response.c.subject_sha256)
draft = Table(
    "draft",
    meta,
    key(),
    to("slot"),
    to("reviewer"),
    Column("fence", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("slot_id", "reviewer_id"),
)
decline = Table(
    "decline",
    meta,
    key(),
    Column("subject_sha256", String(64), nullable=False),
    to("reviewer"),
    Column("reason", String(40), nullable=False),
    Column("at", Float, nullable=False),
)
Index("decline_subject", decline.c.subject_sha256, decline.c.reviewer_id)
