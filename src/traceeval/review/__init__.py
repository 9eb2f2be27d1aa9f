"""People judge: a queue that loses nothing, verdicts that stay, disagreements that end."""

from traceeval.review._limits import covers
from traceeval.review._outcomes import Outcome, outcomes
from traceeval.review._rows import Settings
from traceeval.review.adjudicate import provisional
from traceeval.review.backup import Backup, backup
from traceeval.review.checkpoints import Checkpoint, Checkpointer, checkpoint, read_checkpoints
from traceeval.review.failed import Failure, failures
from traceeval.review.lead import erase, release, reopen, void, withdraw
from traceeval.review.originals import Originals, erase_everywhere, reveal
from traceeval.review.pins import RegressionPin, record_pins
from traceeval.review.queue import Lease, Nothing, beat, claim, decline, expire
from traceeval.review.select import Unit, enqueue
from traceeval.review.settings import create_project, create_queue
from traceeval.review.settled import FrameUnit, frame_units, labels, unanswered_share
from traceeval.review.sided import preferences
from traceeval.review.status import Held, ItemView, Status, show, status
from traceeval.review.steps import save_alone
from traceeval.review.store import Store
from traceeval.review.submission import Submission
from traceeval.review.submit import Receipt, save_draft, submit
from traceeval.review.verify import Verification, verify

__all__ = [
    "Backup",
    "Checkpoint",
    "Checkpointer",
    "FrameUnit",
    "Held",
    "ItemView",
    "Lease",
    "Nothing",
    "Originals",
    "Outcome",
    "Receipt",
    "Settings",
    "Status",
    "Store",
    "Submission",
    "Unit",
    "Verification",
    "backup",
    "beat",
    "checkpoint",
    "claim",
    "covers",
    "create_project",
    "create_queue",
    "decline",
    "enqueue",
    "erase",
    "erase_everywhere",
    "expire",
    "Failure",
    "failures",
    "frame_units",
    "labels",
    "outcomes",
    "preferences",
    "provisional",
    "read_checkpoints",
    "record_pins",
    "RegressionPin",
    "release",
    "reopen",
    "reveal",
    "save_alone",
    "save_draft",
    "show",
    "status",
    "submit",
    "unanswered_share",
    "verify",
    "void",
    "withdraw",
]
