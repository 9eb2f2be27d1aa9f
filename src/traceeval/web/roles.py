"""Who may do what. Deny by default: a role can what stands here and nothing else.

An admin keeps accounts and judges nothing; an auditor reads everything and changes nothing; a lead runs queues. Whose
subject, whose slot and who judged before are rules of the data, checked by the services inside their transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a project; ``*`` as the project means all of them."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    LEAD = "lead"
    AUDITOR = "auditor"
    ADMIN = "admin"


class May(StrEnum):
    """What a route needs."""

    READ = "read"  # progress, rubrics, estimates, agreement
    SEE = "see"  # traces of items, as far as they may be known
    REVIEW = "review"  # claim, draft, submit, decline
    ADJUDICATE = "adjudicate"
    LOOK = "look"  # progress of each person, items, alarms, rounds; changes nothing
    LEAD = "lead"  # reopen, void, withdraw, release, rounds
    AUDIT = "audit"  # the ledger and the pack
    ADMIN = "admin"  # accounts and roles
    INGEST = "ingest"  # send traces; a token's scope, no page has it


EVERYWHERE = "*"
CAN: Mapping[str, frozenset[May]] = {
    Role.VIEWER: frozenset({May.READ}),
    Role.REVIEWER: frozenset({May.READ, May.SEE, May.REVIEW}),
    Role.ADJUDICATOR: frozenset({May.READ, May.SEE, May.REVIEW, May.ADJUDICATE}),
    Role.LEAD: frozenset({May.READ, May.SEE, May.LOOK, May.LEAD, May.INGEST}),
    Role.AUDITOR: frozenset({May.READ, May.SEE, May.LOOK, May.AUDIT}),
    Role.ADMIN: frozenset({May.READ, May.ADMIN}),
}
SCOPES = tuple(may.value for may in May if may is not May.LOOK)  # which is of pages alone


def may(grants: Iterable[tuple[str, str]], need: May, project: str | None) -> bool:
    """Whether (project, role) grants allow it. ``project`` None: in any project at all."""
    return any(need in CAN.get(role, ()) for where, role in grants if _covers(where, project))


def least(need: May) -> str:
    """The role with the fewest rights that may."""
    return next(role for role, rights in CAN.items() if need in rights)


def insider(grants: Iterable[tuple[str, str]], project: str | None) -> bool:
    """Whether somebody has any role there: others are told that it does not exist."""
    return any(_covers(where, project) for where, _ in grants)


def _covers(where: str, project: str | None) -> bool:
    return project is None or where in (project, EVERYWHERE)


KINDS = ("review", "gold", "calibration")  # what a reviewer is given; they look the same
DISPUTES = ("adjudicate",)
