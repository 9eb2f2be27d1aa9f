"""Who may do what: people, their roles, sessions and tokens, what they are qualified for and what they opted out of."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint

from traceeval.review.schema._columns import json_list, key, maybe, meta, to

project = Table(
    "project",
    meta,
    Column("name", String(200), primary_key=True),
    Column("solo", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
)
reviewer = Table(
    "reviewer",
    meta,
    key(),
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
    key(),
    to("reviewer"),
    Column("project", String(200), nullable=False),
    Column("role", String(40), nullable=False),
    UniqueConstraint("reviewer_id", "project", "role"),
)
qualification = Table(
    "qualification",
    meta,
    key(),
    to("reviewer"),
    to("rubric"),
    Column("lang", String(20), nullable=False),
    Column("n", Integer, nullable=False),
    Column("accuracy", Float),
    Column("safety_n", Integer, nullable=False, default=0, server_default="0"),
    Column("safety_accuracy", Float),
    Column("alpha", Float),
    Column("passed_at", Float),
    Column("valid_until", Float),
    Column("at", Float),
)
Index("qualification_reviewer", qualification.c.reviewer_id, qualification.c.rubric_id)
opt_out = Table(
    "opt_out",
    meta,
    key(),
    to("reviewer"),
    Column("category", String(100), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("reviewer_id", "category"),
)
alarm = Table(
    "alarm",
    meta,
    key(),
    to("reviewer", index=True),
    to("queue"),
    Column("signal", String(40), nullable=False),
    Column("value", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("at", Float, nullable=False),
    Column("cleared_at", Float),
    Column("cleared_by", Integer),
    Column("cleared_reason", Text),
)
session = Table(
    "session",
    meta,
    Column("id_sha256", String(64), primary_key=True),
    to("reviewer", index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("idle_until", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("revoked_at", Float),
)
api_token = Table(
    "api_token",
    meta,
    key(),
    to("reviewer", index=True),
    Column("name", String(200), nullable=False),
    Column("prefix", String(20), nullable=False, unique=True),
    Column("sha256", String(64), nullable=False, unique=True),
    json_list("scopes"),
    Column("project", String(200)),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", Float),
    Column("revoked_at", Float),
)
invite = Table(
    "invite",
    meta,
    key(),
    maybe("reviewer"),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("project", String(200), nullable=False),
    json_list("roles"),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", Float),
)
login_attempt = Table(
    "login_attempt",
    meta,
    key(),
    Column("who", String(200), nullable=False),
    Column("at", Float, nullable=False),
)
Index("login_attempt_recent", login_attempt.c.who, login_attempt.c.at)
