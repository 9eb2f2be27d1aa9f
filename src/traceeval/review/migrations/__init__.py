"""Schema versions, N to N+1, run by alembic when a store is opened."""
