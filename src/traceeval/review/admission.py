"""Whether a person may take a slot of a queue at all: their role, an alarm a lead has not cleared, the session's end."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from traceeval.errors import Refused
from traceeval.review import schema
from traceeval.review._rows import Stranger, setting

EVERYWHERE = "*"


def roles_of(connection: Connection, reviewer_id: int, project: str) -> frozenset[str]:
    """The roles a person has in a project, and in all of them."""
    table = schema.role_grant
    here = or_(table.c.project == project, table.c.project == EVERYWHERE)
    return frozenset(connection.execute(select(table.c.role).where(table.c.reviewer_id == reviewer_id, here)).scalars())


def kinds_for(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger) -> frozenset[str]:
    """The kinds of slots this person may take, by their roles.

    Raises:
        Refused: none: an admin, a lead or auditor outside a solo project, or, where only members may, somebody else.
    """
    roles = roles_of(connection, me.id, queue.project)
    if "admin" in roles:
        raise Refused(f"{me.handle} is an admin, who never judges; use an account without that role")
    if "lead" in roles and not queue.solo:
        raise Refused(f"{me.handle} leads project {queue.project} and so does not judge in it; only in a solo project")
    if "auditor" in roles and not queue.solo:
        raise Refused(f"{me.handle} audits project {queue.project} and so does not judge in it; only in a solo project")
    if not setting(queue, "members_only"):
        return frozenset({"review", "adjudicate"})
    kinds = {"reviewer": {"review"}, "adjudicator": {"review", "adjudicate"}, "lead": {"review", "adjudicate"}}
    may = frozenset(kind for role in roles for kind in kinds.get(role, ()))
    if not may:
        raise Refused(f"{me.handle} has no part in project {queue.project}; ask its lead for the role reviewer")
    return may


def pause(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float) -> str | None:
    """Why this person gets no new slot now, in words; None: nothing stands in the way."""
    alarm = schema.alarm
    open_ = select(alarm.c.id).where(alarm.c.reviewer_id == me.id, alarm.c.queue_id == queue.id)
    if connection.execute(open_.where(alarm.c.cleared_at.is_(None)).limit(1)).first() is not None:
        return (
            "new slots are paused for you: a lead looks at your recent verdicts and will talk to you; nothing is lost"
        )
    cap = setting(queue, "session_cap")
    if cap is None:
        return None
    slot, hours = schema.slot, float(setting(queue, "session_h"))
    mine = (slot.c.queue_id == queue.id, slot.c.last_holder == me.id, slot.c.leased_at > now - hours * 3600)
    taken = connection.execute(select(func.count()).select_from(slot).where(*mine)).scalar_one()
    return f"that is enough for now: {cap} in {hours:g} hours is the most in this queue; rest" if taken >= cap else None
