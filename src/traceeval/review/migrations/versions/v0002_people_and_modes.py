"""Roles, sessions, pairs, rounds, gold, relevance and webhooks, as released: never edited again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _rubrics()
    _work()
    _history()
    _columns()
    _known()


def downgrade() -> None:
    raise RuntimeError("the queue is never downgraded: restore the copy made before the migration")


def _people() -> None:
    op.create_table(
        "project",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("solo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "opt_out",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reviewer_id", "category"),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("signal", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("cleared_at", sa.Float()),
        sa.Column("cleared_by", sa.Integer()),
        sa.Column("cleared_reason", sa.Text()),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"]),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alarm_reviewer_id", "alarm", ["reviewer_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id_sha256", sa.String(length=64), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.Column("idle_until", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("revoked_at", sa.Float()),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"]),
        sa.PrimaryKeyConstraint("id_sha256"),
    )
    op.create_index("ix_session_reviewer_id", "session", ["reviewer_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("project", sa.String(length=200)),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("used_at", sa.Float()),
        sa.Column("revoked_at", sa.Float()),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("prefix"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_index("ix_api_token_reviewer_id", "api_token", ["reviewer_id"], unique=False)
    op.create_table(
        "invite",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reviewer_id", sa.Integer()),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("used_at", sa.Float()),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("login_attempt_recent", "login_attempt", ["who", "at"], unique=False)


def _rubrics() -> None:
    op.create_table(
        "calibration_round",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("alpha", sa.JSON(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.Float(), nullable=False),
        sa.Column("revealed_at", sa.Float()),
        sa.CheckConstraint("state IN ('open', 'revealed')"),
        sa.ForeignKeyConstraint(["opened_by"], ["reviewer.id"]),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"]),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("queue_id", "n"),
    )
    op.create_table(
        "calibration_note",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("calibration_round_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer()),
        sa.Column("criterion", sa.String(length=100)),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["calibration_round_id"], ["calibration_round.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uuid"),
    )
    op.create_index(
        "ix_calibration_note_calibration_round_id", "calibration_note", ["calibration_round_id"], unique=False
    )
    op.create_table(
        "rubric_proposal",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer()),
        sa.Column("calibration_round_id", sa.Integer()),
        sa.Column("reviewer_id", sa.Integer()),
        sa.Column("criterion", sa.String(length=100)),
        sa.Column("score", sa.Integer()),
        sa.Column("wording", sa.Text()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("became", sa.Integer()),
        sa.Column("at", sa.Float(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'accepted', 'rejected')"),
        sa.ForeignKeyConstraint(["became"], ["rubric.id"]),
        sa.ForeignKeyConstraint(["calibration_round_id"], ["calibration_round.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"]),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "gold",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("decision_id", sa.Integer()),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("retired_at", sa.Float()),
        sa.Column("retired_reason", sa.Text()),
        sa.CheckConstraint("purpose IN ('qualification', 'hidden')"),
        sa.CheckConstraint("source IN ('expert', 'adjudicated')"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id"),
    )


def _work() -> None:
    op.create_table(
        "original",
        sa.Column("subject_sha256", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("subject_sha256"),
    )
    op.create_table(
        "pool_unit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("selection_unit_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("doc", sa.String(length=500), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("runs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["selection_unit_id"], ["selection_unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("selection_unit_id"),
    )
    op.create_table(
        "item_warning",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id", "category"),
    )


def _history() -> None:
    op.drop_table("outbox")  # nothing wrote to it yet
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("delivered_at", sa.Float()),
        sa.Column("last_error", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uuid"),
    )
    op.create_index("outbox_due", "outbox", ["delivered_at", "next_at"], unique=False)
    op.create_table(
        "regression_pin",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("scenario", sa.String(length=500), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("threshold", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("flagged_at", sa.Float()),
        sa.Column("flag_reason", sa.Text()),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("decision_id"),
    )


def _columns() -> None:
    """Added in place: a rebuilt table would lose its triggers."""
    op.add_column("decision", sa.Column("rubric_proposal", sa.Integer()))
    op.add_column("item", sa.Column("kind", sa.String(length=20), server_default="review", nullable=False))
    op.add_column("item", sa.Column("calibration_round_id", sa.Integer()))
    op.add_column("item", sa.Column("overlap", sa.Float(), server_default="1", nullable=False))
    op.add_column("item", sa.Column("waiting_since", sa.Float(), server_default="0", nullable=False))
    op.add_column("qualification", sa.Column("safety_n", sa.Integer(), server_default="0", nullable=False))
    op.add_column("qualification", sa.Column("safety_accuracy", sa.Float()))
    op.add_column("qualification", sa.Column("at", sa.Float()))
    op.add_column("queue", sa.Column("project", sa.String(length=200), server_default="default", nullable=False))
    op.add_column("queue", sa.Column("k", sa.Integer(), server_default="1", nullable=False))
    op.add_column("queue", sa.Column("audience", sa.String(length=200)))
    op.add_column("rubric", sa.Column("created_at", sa.Float()))
    op.add_column("rubric", sa.Column("note", sa.Text()))
    op.add_column("selection_unit", sa.Column("lang", sa.String(length=20)))
    op.add_column("selection_unit", sa.Column("slices", sa.JSON(none_as_null=True)))
    op.add_column("slot", sa.Column("swapped", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("slot", sa.Column("opened_at", sa.Float()))
    op.add_column("slot", sa.Column("leased_at", sa.Float()))
    op.add_column("subject", sa.Column("parts", sa.Integer(), server_default="1", nullable=False))
    op.add_column("verdict", sa.Column("replaces", sa.Integer()))
    op.create_index("qualification_reviewer", "qualification", ["reviewer_id", "rubric_id"], unique=False)
    op.create_index("slot_reviewer", "slot", ["queue_id", "reviewer_id"], unique=False)
    op.create_index("slot_holder", "slot", ["queue_id", "last_holder"], unique=False)


def _known() -> None:
    """What the first release did, in the new columns."""
    op.execute("UPDATE item SET waiting_since = (SELECT created_at FROM queue WHERE queue.id = item.queue_id)")
    alarm = "EXISTS (SELECT 1 FROM slot WHERE slot.item_id = item.id AND slot.opened = 'alarm')"
    op.execute(f"UPDATE item SET overlap = 0 WHERE k = 1 OR {alarm}")
