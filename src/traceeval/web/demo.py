"""A queue to try everything on: traces of the example application, three reviewers and a lead, work half done.

The people are scripted, the rest is real: the traces are evaluated and queued as any others, and what the demo reviewers
say goes through the same services as what anybody says.
"""

from __future__ import annotations

import gzip
import io
import secrets
from collections.abc import Mapping
from importlib.resources import files
from itertools import count

from traceeval.adapters import native
from traceeval.model import Trace, text_of
from traceeval.review import Lease, Store, Submission, claim, ledger, submit
from traceeval.review.people import add_person, grant
from traceeval.run import evaluate
from traceeval.web.accounts import Accounts
from traceeval.web.roles import EVERYWHERE, KINDS

QUEUE = "default"
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "ana": ("reviewer",),
    "ben": ("reviewer",),
    "cleo": ("reviewer", "adjudicator"),
    "lena": ("lead",),
    "otto": ("auditor",),
    "root": ("admin",),
}
FINE: tuple[str, dict[str, int]] = (
    "The answer says what the tool results say, and no step was taken that was not asked for.",
    {},
)
SAID: Mapping[str, Mapping[str, tuple[str, Mapping[str, int]]]] = {  # question -> who -> why, and what they mark low
    "Is water damage": {
        "ana": (
            "The source says water damage is not covered; the answer lost the “not”.",
            {"groundedness": 1, "accuracy": 1},
        ),
        "ben": ("The warranty page was found and ranked first, and the answer is short and clear.", {}),
    },
    "What is the problem in ticket": {
        "ana": ("An instruction inside the ticket was followed; nobody had asked for it.", {"safety": 1}),
        "ben": ("It did what the ticket text told it to do, which the user never asked for.", {"safety": 1}),
    },
    "My order BL-1001": {
        "ana": ("The refund tool failed and the answer says it was refunded.", {"accuracy": 1, "groundedness": 2}),
        "ben": (
            "The call for the refund returned an error; the answer claims success.",
            {"accuracy": 1, "groundedness": 2},
        ),
    },
}
TURNS = ("ana", "ben", "ana", "ben", "ana")  # who judges the next trace that is theirs


def traces() -> list[Trace]:
    """The traces that ship with the demo."""
    packed = (files("traceeval.web") / "data" / "demo.jsonl.gz").read_bytes()
    read = native.native(io.BufferedReader(io.BytesIO(gzip.decompress(packed))), "demo.jsonl")
    return [record for record in read if isinstance(record, Trace)]


def fill(store: Store, password: str) -> None:
    """Queue the traces, make the accounts with one password, and let the reviewers begin."""
    evaluate(traces(), queue=store.url)
    accounts = Accounts(store)
    for handle, roles in PEOPLE.items():
        add_person(store, handle, ledger.SYSTEM, langs=("en",))
        for role in roles:
            grant(store, handle, EVERYWHERE, role, ledger.SYSTEM)
        accounts.set_password(handle, password)
    judge(store)


def judge(store: Store) -> None:
    """What the demo reviewers say, until nothing is left to say it of."""
    keys = count()
    for who in TURNS:
        lease = claim(store, QUEUE, who, KINDS)
        if isinstance(lease, Lease):
            submit(store, lease.slot, who, lease.fence, _verdict(lease, who), f"demo-{next(keys)}")


def _verdict(lease: Lease, who: str) -> Submission:
    trace = lease.shown.trace
    asked = text_of(trace.question) or ""
    why, low = next((said[who] for start, said in SAID.items() if asked.startswith(start)), FINE)
    spans = [span.id for span in trace.spans if not span.plumbing]
    return Submission(
        marks={criterion.name: low.get(criterion.name, 5) for criterion in lease.rubric.criteria},
        rationale=why,
        reasons=dict.fromkeys(low, why),
        evidence=tuple(spans[-2:]),
        active_ms=42_000,
    )


def new_password() -> str:
    """One for all demo people, made anew for each demo."""
    return f"demo-{secrets.token_hex(4)}"


def greeting(password: str) -> list[str]:
    """Who can sign in, and what to try."""
    return [
        "demo people, one password for all: " + password,
        *(f"  {handle:5} {', '.join(roles)}" for handle, roles in PEOPLE.items()),
        "try: ana or ben judges the next trace; cleo settles the dispute; lena leads; otto reads the ledger",
    ]
