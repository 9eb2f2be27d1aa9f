"""The guards of pages under short names."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from pydantic import AfterValidator
from starlette.datastructures import FormData

from traceeval.errors import NotFound
from traceeval.review import Store, schema
from traceeval.review.people import people
from traceeval.web.callers import Anyone, Caller, Needs, SignedIn
from traceeval.web.posted import Filed, open_form, posted, posted_file
from traceeval.web.roles import EVERYWHERE, May

Reader = Annotated[Caller, Depends(Needs(May.READ))]
Seer = Annotated[Caller, Depends(Needs(May.SEE))]
Reviewer = Annotated[Caller, Depends(Needs(May.REVIEW))]
Adjudicator = Annotated[Caller, Depends(Needs(May.ADJUDICATE))]
Looker = Annotated[Caller, Depends(Needs(May.LOOK))]
Lead = Annotated[Caller, Depends(Needs(May.LEAD))]
Auditor = Annotated[Caller, Depends(Needs(May.AUDIT, project=EVERYWHERE))]  # the record is one, of all projects
Admin = Annotated[Caller, Depends(Needs(May.ADMIN))]
AdminOfAll = Annotated[Caller, Depends(Needs(May.ADMIN, project=EVERYWHERE))]  # accounts are of all projects
Account = Annotated[Caller, Depends(SignedIn())]
Open = Annotated[None, Depends(Anyone())]
Form = Annotated[FormData, Depends(posted)]
FileForm = Annotated[Filed, Depends(posted_file)]
OpenForm = Annotated[FormData, Depends(open_form)]


def _numbered(number: int) -> int:
    """What no database counts to is the number of nothing."""
    if not 0 <= number <= schema.LARGEST:
        raise NotFound("there is no such page for you")
    return number


Number = Annotated[int, AfterValidator(_numbered)]


def shown_to(caller: Caller, store: Store) -> dict[str, Any]:
    """What pages of a queue tell a lead and an auditor apart by: ``leads``: whether there are acts; ``who``: handle -> name.

    An auditor reads people as the ledger calls them (``reviewer:N``), and may change nothing.
    """
    leads = caller.may(May.LEAD, caller.project)
    named = {} if leads else {one.handle: f"reviewer:{one.id}" for one in people(store)}
    return {"leads": leads, "who": lambda handle: named.get(handle, handle)}
