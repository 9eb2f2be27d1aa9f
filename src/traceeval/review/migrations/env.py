"""Alembic's entry: runs on the connection the store hands over, never on one of its own."""

from alembic import context

from traceeval.review.schema import meta

context.configure(connection=context.config.attributes["connection"], target_metadata=meta)
with context.begin_transaction():
    context.run_migrations()
