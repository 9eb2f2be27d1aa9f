"""A queue to try everything on: traces of the example application, three reviewers and a lead, work half done.

The people are scripted, the rest is real: the traces are evaluated and queued as any others, and what the demo reviewers
say goes through the same services as what anybody says.
"""

from __future__ import annotations

import gzip
import io
import secrets
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from itertools import combinations, count

import msgspec

from traceeval.adapters import native
from traceeval.model import Trace, text_of, trace_hash
from traceeval.review import Lease, Store, Submission, Unit, claim, enqueue, ledger, submit
from traceeval.review.pairs import Pair, pair
from traceeval.review.people import add_person, grant
from traceeval.review.settings import create_queue
from traceeval.run import evaluate
from traceeval.web.accounts import Accounts
from traceeval.web.roles import EVERYWHERE, KINDS

QUEUE, PAIRS = "default", "side by side"
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
    compare(store)


def compare(store: Store) -> None:
    """A second queue: two answers to one question, each marked alone first, then side by side."""
    create_queue(store, PAIRS, "lena", mode="protocol", k=2)
    asked = [trace for trace in traces() if (text_of(trace.question) or "").startswith("How many days after delivery")]
    payloads = [(trace_hash(trace), msgspec.json.encode(trace)) for trace in asked]
    units = [_pair(asked[0], pair(*both)) for both in combinations(payloads, 2)]
    frame = {"frame_sha256": units[0].sha256, "frame_size": len(units), "seed": "demo", "plan": {}}
    enqueue(store, units, queue=PAIRS, **frame)  # type: ignore[arg-type]


def _pair(trace: Trace, both: Pair) -> Unit:
    why = ("pair", "two builds answered the same question")
    return replace(Unit.even(trace.id, both.sha256, 1.0, "demo", why, both.first), k=2, second=both.second)


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
