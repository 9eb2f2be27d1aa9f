"""Warnings belong to the subject, whatever shows it; pairs know their responses; frames, whether they were read whole."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_warning",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subject_sha256", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject_sha256", "category"),
    )
    op.execute(
        "INSERT INTO subject_warning (subject_sha256, category) SELECT DISTINCT item.subject_sha256, item_warning.category "
        "FROM item_warning JOIN item ON item.id = item_warning.item_id ORDER BY 1, 2"
    )
    op.drop_table("item_warning")
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("pair_sha256", sa.String(length=64), nullable=False),
        sa.Column("subject_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pair_sha256", "subject_sha256"),
    )
    op.create_index("response_subject", "response", ["subject_sha256"], unique=False)
    op.add_column("item", sa.Column("second_lang", sa.String(length=20)))
    op.add_column("selection_run", sa.Column("read_at", sa.Float()))


def downgrade() -> None:
    raise RuntimeError("the queue is never downgraded: restore the copy made before the migration")
