"""What people are asked: rubric versions, calibration rounds that better them, and gold that says who is calibrated."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from traceeval.review.schema._columns import json_list, key, maybe, meta, one_of, to

rubric = Table(
    "rubric",
    meta,
    key(),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("locale", String(20), nullable=False),
    Column("body", JSON, nullable=False),
    Column("frozen_at", Float),
    Column("created_at", Float),
    Column("note", Text),
    UniqueConstraint("name", "version", "locale"),
)
rubric_anchor = Table(
    "rubric_anchor",
    meta,
    key(),
    to("rubric"),
    Column("criterion", String(100), nullable=False),
    Column("score", Integer, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("why", Text, nullable=False),
)
rubric_proposal = Table(
    "rubric_proposal",
    meta,
    key(),
    to("rubric"),
    maybe("decision"),
    maybe("calibration_round"),
    maybe("reviewer"),
    Column("criterion", String(100)),
    Column("score", Integer),
    Column("wording", Text),
    Column("why", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("became", Integer, ForeignKey("rubric.id")),
    Column("at", Float, nullable=False),
    one_of("state", ("open", "accepted", "rejected")),
)
calibration_round = Table(
    "calibration_round",
    meta,
    key(),
    to("queue"),
    to("rubric"),
    Column("n", Integer, nullable=False),
    Column("target", Float, nullable=False),
    Column("state", String(20), nullable=False),
    Column("alpha", JSON, nullable=False),
    Column("opened_by", Integer, ForeignKey("reviewer.id"), nullable=False),
    Column("opened_at", Float, nullable=False),
    Column("revealed_at", Float),
    UniqueConstraint("queue_id", "n"),
    one_of("state", ("open", "revealed")),
)
calibration_note = Table(
    "calibration_note",
    meta,
    key(),
    Column("uuid", String(36), nullable=False, unique=True),
    to("calibration_round", index=True),
    to("reviewer"),
    maybe("item"),
    Column("criterion", String(100)),
    Column("text_sha256", String(64), nullable=False),
    Column("at", Float, nullable=False),
)
gold = Table(
    "gold",
    meta,
    key(),
    Column("item_id", Integer, ForeignKey("item.id"), nullable=False, unique=True),
    Column("purpose", String(20), nullable=False),
    Column("marks", JSON, nullable=False),
    json_list("flags"),
    Column("safety", Boolean, nullable=False),
    Column("source", String(20), nullable=False),
    json_list("made_by"),
    maybe("decision"),
    Column("created_at", Float, nullable=False),
    Column("retired_at", Float),
    Column("retired_reason", Text),
    one_of("purpose", ("qualification", "hidden")),
    one_of("source", ("expert", "adjudicated")),
)
