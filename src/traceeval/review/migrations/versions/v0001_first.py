"""The first schema."""

from alembic import op

from traceeval.review._triggers import statements
from traceeval.review.schema import meta

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    meta.create_all(connection)
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")


def downgrade() -> None:
    raise RuntimeError("the queue is never downgraded: restore the backup made before the migration")
