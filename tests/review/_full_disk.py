"""A reviewer on a disk that fills up or fails: prints what they were told is stored, and how often they were refused.

``_full_disk.py URL [LIMIT [FAULT]]``: LIMIT bytes a file, ``none`` for no limit; FAULT: in which way the build is broken.
"""

import json
import resource
import signal
import sys

from sqlalchemy import event

from traceeval.errors import StoreFailed
from traceeval.review import Lease, Receipt, Store, Submission, claim, submit

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")


def swallows(store):
    """What the disk refused is told as stored, as stores that catch every error do."""
    whole = store.transact

    def transact(work):
        try:
            return whole(work)
        except StoreFailed:
            return Receipt("told and not stored", "resolved")

    store.transact = transact


def hurries(store):
    """A commit is told before the disk has it."""
    event.listen(store._writer, "checkout", lambda raw, *rest: raw.execute("PRAGMA synchronous=OFF"))


FAULTS = {"swallows": swallows, "hurries": hurries, "none": lambda store: None}


def work(url, limit="none", fault="none"):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = Store(url)
    FAULTS[fault](store)
    if limit != "none":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    stored, errors = [], []
    while len(errors) < 5 and len(stored) < 300:
        try:
            lease = claim(store, "default", "ana")
            if not isinstance(lease, Lease):
                break
            said = Submission(marks=dict.fromkeys(CRITERIA, 5), rationale="because it is so " * 400)
            stored.append(submit(store, lease.slot, "ana", lease.fence, said, f"{lease.slot}/{lease.fence}").verdict)
        except StoreFailed as error:
            errors.append(type(error).__name__)
    sys.stdout.write(json.dumps({"stored": stored, "refused": len(errors), "errors": errors}))


if __name__ == "__main__":
    work(*sys.argv[1:])
