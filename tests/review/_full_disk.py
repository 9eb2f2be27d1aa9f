"""A reviewer on a disk that fills up or fails: prints what they were told is stored, and how often they were refused."""

import json
import resource
import signal
import sys

from traceeval.errors import StoreFailed
from traceeval.review import Lease, Store, Submission, claim, submit

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")


def work(url, limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = Store(url)
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    stored, errors = [], []
    while len(errors) < 5:
        try:
            lease = claim(store, "default", "ana")
            if not isinstance(lease, Lease):
                break
            said = Submission(marks=dict.fromkeys(CRITERIA, 5), rationale="because it is so " * 400)
            stored.append(submit(store, lease.slot, "ana", lease.fence, said, f"{lease.slot}/{lease.fence}").verdict)
        except StoreFailed as error:
            errors.append(type(error).__name__)
    sys.stdout.write(json.dumps({"stored": stored, "refused": len(errors), "errors": errors}))


work(sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else None)
