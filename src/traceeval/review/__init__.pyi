from ._languages import covers
from ._outcomes import Outcome, outcomes
from ._rows import Settings
from .adjudicate import provisional
from .backup import Backup, backup
from .checkpoints import Checkpoint, Checkpointer, checkpoint, read_checkpoints
from .failed import Failure, failures
from .lead import erase, release, reopen, void, withdraw
from .originals import Originals, erase_everywhere, reveal
from .pins import RegressionPin, record_pins
from .queue import Lease, Nothing, beat, claim, decline, expire
from .select import Unit, enqueue
from .settings import create_project, create_queue
from .settled import FrameUnit, frame_units, labels, unanswered_share
from .sided import preferences
from .status import Held, ItemView, Status, show, status
from .steps import save_alone
from .store import Store
from .submission import Submission
from .submit import Receipt, save_draft, submit
from .verify import Verification, verify

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
