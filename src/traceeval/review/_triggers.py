"""Triggers that refuse to change history, on both engines. A rebuilt table loses its own: migrations restore them."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.review.schema import INSERT_ONLY

_REFUSAL = "is insert-only: a changed mind is a new row"


def statements(dialect: str) -> Iterator[str]:
    """DDL for every insert-only table, safe to repeat.

    SQLite needs ``recursive_triggers=ON`` so that REPLACE is caught too. PostgreSQL row triggers would miss TRUNCATE,
    so these are per statement; its owner can still disable them, so the application connects as another role.
    """
    yield from _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    for table in INSERT_ONLY:
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} {_REFUSAL}'); END"
            )
    yield (
        "CREATE TRIGGER IF NOT EXISTS free_text_no_update BEFORE UPDATE ON free_text "
        f"BEGIN SELECT RAISE(ABORT, 'free_text {_REFUSAL}'); END"
    )


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION traceeval_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% {_REFUSAL}', TG_TABLE_NAME; END $$"
    )
    for table, verbs in (*((name, "UPDATE OR DELETE OR TRUNCATE") for name in INSERT_ONLY), ("free_text", "UPDATE")):
        yield f"DROP TRIGGER IF EXISTS {table}_insert_only ON {table}"
        yield (
            f"CREATE TRIGGER {table}_insert_only BEFORE {verbs} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION traceeval_insert_only()"
        )
