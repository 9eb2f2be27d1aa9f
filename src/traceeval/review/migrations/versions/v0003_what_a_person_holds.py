"""Indexes for what every claim asks: what a person holds, held or had, and what a round is about."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("slot_reviewer", "slot", ["reviewer_id", "queue_id", "state"], unique=False)
    op.create_index("slot_holder", "slot", ["last_holder", "queue_id", "state"], unique=False)
    op.create_index("item_calibration", "item", ["calibration_round_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("the queue is never downgraded: restore the copy made before the migration")
