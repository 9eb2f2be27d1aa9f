"""What the tables share: one MetaData, keys, references, and columns that joined after the first release."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Integer, MetaData

meta = MetaData()
LARGEST = 2**31 - 1
"""The largest whole number a column takes: PostgreSQL refuses a statement with a larger one."""
LATER = {"later": True}
"""``info`` of columns that joined tables of history: rows written before have no value there, nor in their digest.

Such a name is new to all of history: digests know columns by name.
"""


def key() -> Column[int]:
    """The row's id."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


def to(table: str, *, index: bool = False) -> Column[int]:
    """A required reference to another table's row."""
    return Column(f"{table}_id", Integer, ForeignKey(f"{table}.id"), nullable=False, index=index)


def maybe(table: str) -> Column[int]:
    """A reference that may be missing."""
    return Column(f"{table}_id", Integer, ForeignKey(f"{table}.id"))


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Nothing else may stand in a column."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})")


def json_list(name: str) -> Column[Any]:
    """A list, empty by default."""
    return Column(name, JSON, nullable=False, default=list, server_default="[]")
