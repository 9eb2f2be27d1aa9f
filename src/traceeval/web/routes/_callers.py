"""The guards of pages under short names."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.datastructures import FormData

from traceeval.web.callers import Anyone, Caller, Needs, SignedIn
from traceeval.web.posted import Filed, open_form, posted, posted_file
from traceeval.web.roles import May

Reader = Annotated[Caller, Depends(Needs(May.READ))]
Seer = Annotated[Caller, Depends(Needs(May.SEE))]
Reviewer = Annotated[Caller, Depends(Needs(May.REVIEW))]
Adjudicator = Annotated[Caller, Depends(Needs(May.ADJUDICATE))]
Lead = Annotated[Caller, Depends(Needs(May.LEAD))]
Auditor = Annotated[Caller, Depends(Needs(May.AUDIT))]
Admin = Annotated[Caller, Depends(Needs(May.ADMIN))]
Account = Annotated[Caller, Depends(SignedIn())]
Open = Annotated[None, Depends(Anyone())]
Form = Annotated[FormData, Depends(posted)]
FileForm = Annotated[Filed, Depends(posted_file)]
OpenForm = Annotated[FormData, Depends(open_form)]
