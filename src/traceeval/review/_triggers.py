"""Triggers that refuse to change history, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.review.schema import INSERT_ONLY


def statements(dialect: str) -> Iterator[str]:
    """DDL for every insert-only table. SQLite needs ``recursive_triggers=ON`` so that REPLACE is caught too."""
    if dialect == "sqlite":
        for table in INSERT_ONLY:
            for verb in ("UPDATE", "DELETE"):
                yield (
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only: a changed mind is a new row'); END"
                )
        return
    yield (
        "CREATE OR REPLACE FUNCTION traceeval_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is insert-only: a changed mind is a new row', TG_TABLE_NAME; END $$"
    )
    for table in INSERT_ONLY:
        yield f"DROP TRIGGER IF EXISTS {table}_insert_only ON {table}"
        yield (
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION traceeval_insert_only()"
        )
