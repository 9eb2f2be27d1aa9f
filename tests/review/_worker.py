"""A reviewer in a process of its own, to be killed: writes down every verdict it was told is stored, once it was."""

import os
import sys

from traceeval.review import Lease, Store, Submission, claim, submit

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")


def work(url, who, notes):
    store = Store(url)
    said = Submission(marks=dict.fromkeys(CRITERIA, 5), rationale="because the trace shows it plainly")
    with open(notes, "a", encoding="ascii") as file:
        while isinstance(lease := claim(store, "default", who), Lease):
            receipt = submit(store, lease.slot, who, lease.fence, said, f"{lease.slot}/{lease.fence}")
            file.write(f"{lease.slot} {receipt.verdict}\n")
            file.flush()
            os.fsync(file.fileno())
    store.close()


work(*sys.argv[1:])
