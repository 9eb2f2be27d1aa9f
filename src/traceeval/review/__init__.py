"""People judge: a queue that loses nothing, verdicts that stay, disagreements that end."""

from traceeval.review.lead import reopen, void, withdraw
from traceeval.review.ledger import Checkpoint, Verification, checkpoint, verify
from traceeval.review.queue import Lease, Nothing, beat, claim, decline, expire, save_draft
from traceeval.review.select import Unit, enqueue
from traceeval.review.status import ItemView, Status, show, status
from traceeval.review.store import Store
from traceeval.review.submit import Receipt, Submission, provisional, submit

__all__ = [
    "Checkpoint",
    "ItemView",
    "Lease",
    "Nothing",
    "Receipt",
    "Status",
    "Store",
    "Submission",
    "Unit",
    "Verification",
    "beat",
    "checkpoint",
    "claim",
    "decline",
    "enqueue",
    "expire",
    "provisional",
    "reopen",
    "save_draft",
    "show",
    "status",
    "submit",
    "verify",
    "void",
    "withdraw",
]
