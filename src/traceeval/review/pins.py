"""Which settled failures became pinned scenarios, on record: reopening the decision flags them (review.md section 13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from traceeval.review import ledger, schema
from traceeval.review._rows import insert_row
from traceeval.review.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionPin:
    """A scenario that was made of a decision. ``expected``: criterion -> the mark people gave; ``threshold``: what passes.

    ``sha256``: of the scenario's file as it was written.
    """

    decision: int
    scenario: str
    expected: Mapping[str, float]
    threshold: Mapping[str, float]
    sha256: str


def record_pins(store: Store, pins: Iterable[RegressionPin]) -> int:
    """Put pins on record; how many are new. A decision that is pinned already stays as it is."""
    wanted = list(pins)
    table = schema.regression_pin

    def add(connection: Connection) -> int:
        now, made = store.now(connection), 0
        for one in wanted:
            known = select(table.c.id).where(table.c.decision_id == one.decision)
            if connection.execute(known).first() is not None:
                continue
            row = insert_row(
                connection,
                table,
                decision_id=one.decision,
                scenario=one.scenario,
                expected=dict(one.expected),
                threshold=dict(one.threshold),
                sha256=one.sha256,
                at=now,
            )
            ledger.append(connection, now, ledger.SYSTEM, "pin", f"regression_pin:{row.id}", ledger.row_digest(row))
            made += 1
        return made

    return store.transact(add)
