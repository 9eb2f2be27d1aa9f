"""Who decides claims. A stranger's checker implements this and ships one entry point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from traceeval.judge._endpoint import Endpoint
from traceeval.judge._request import Inquiry
from traceeval.model import Claim, ClaimVerdict, Passage


class Checker(Protocol):
    """Decides claims against passages (faithfulness.md section 6).

    One verdict per claim, in the same order. ``defer`` is always allowed; an exception becomes ``defer:
    checker_failed``. ``id`` names kind and version; ``can``: ``contradiction``, ``edges``, ``multilingual``.
    """

    id: str
    can: frozenset[str]

    def check(self, claims: Sequence[Claim], passages: Sequence[Passage]) -> Sequence[ClaimVerdict]:
        """A verdict for every claim."""
        ...


@runtime_checkable
class AsksModel(Protocol):
    """A checker that asks a model by the questions it yields; the cascade keeps many of them in flight."""

    endpoint: Endpoint

    def inquire(self, claims: Sequence[Claim], passages: Sequence[Passage]) -> Inquiry[list[ClaimVerdict]]:
        """A verdict for every claim, by way of Requests."""
        ...


def deferred(claims: Sequence[Claim], code: str, by: str, note: str = "") -> list[ClaimVerdict]:
    """Every claim left open, for one reason; ``note`` says in words what happened."""
    return [ClaimVerdict(claim=claim, outcome="defer", codes=(code,), by=by, note=note) for claim in claims]
