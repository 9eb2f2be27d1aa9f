"""What a person can judge and what they need not see: languages and specialities an admin states, categories of content they decline."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, select, update

from traceeval.review import ledger, schema
from traceeval.review._languages import canonical
from traceeval.review._rows import insert_new
from traceeval.review._rows import person as person_row
from traceeval.review.admission import EVERYWHERE
from traceeval.review.store import Store


def set_abilities(store: Store, handle: str, by: str, *, langs: Collection[str], tags: Collection[str]) -> None:
    """State somebody's languages (BCP 47) and specialities anew; claims go by them from now on."""

    def keep(connection: Connection) -> None:
        table, now = schema.reviewer, store.now(connection)
        me = person_row(connection, handle, now).id
        values = {"langs": [canonical(lang) for lang in langs], "tags": list(tags)}
        connection.execute(update(table).where(table.c.id == me).values(**values))
        ledger.append(connection, now, by, "abilities", f"reviewer:{me}", ledger.digest([me, values]))

    store.transact(keep)


def opt_out(store: Store, handle: str, categories: Collection[str]) -> None:
    """Choose anew which categories of content one is never given. Nobody else is told, and nothing is on record."""

    def keep(connection: Connection) -> None:
        table, now = schema.opt_out, store.now(connection)
        me = person_row(connection, handle, now).id
        connection.execute(delete(table).where(table.c.reviewer_id == me))
        insert_new(
            connection, table, [{"reviewer_id": me, "category": one, "at": now} for one in sorted(set(categories))]
        )

    store.transact(keep)


def opted_out(store: Store, handle: str) -> dict[str, bool]:
    """Every category that traces of their projects are marked with, or that this person opted out of: whether they did."""
    warned, item, queue, role = schema.subject_warning, schema.item, schema.queue, schema.role_grant
    out, people = schema.opt_out, schema.reviewer
    mine = select(out.c.category).join(people, people.c.id == out.c.reviewer_id).where(people.c.handle == handle)
    theirs = (
        select(warned.c.category)
        .distinct()
        .join(item, item.c.subject_sha256 == warned.c.subject_sha256)
        .join(queue, queue.c.id == item.c.queue_id)
        .join(role, role.c.project.in_((queue.c.project, EVERYWHERE)))
        .join(people, people.c.id == role.c.reviewer_id)
        .where(people.c.handle == handle)
    )
    with store.read() as connection:
        chosen = set(connection.execute(mine).scalars())
        known = set(connection.execute(theirs).scalars())
    return {category: category in chosen for category in sorted(known | chosen)}
