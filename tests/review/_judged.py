"""A queue in which one person judged three traces of version 2."""

import msgspec

from traceeval.model import System, trace_hash
from traceeval.testing import model, trace, user


def of_version(kit, number, release="2", **fields):
    made = trace(
        user(f"q {number}"),
        model("a"),
        id=f"t{number}",
        answer="a",
        system=release and System(app="s", release=release),
    )
    return kit.unit(number, k=1, sha256=trace_hash(made), payload=msgspec.json.encode(made), **fields)


def judge(store, kit):
    kit.fill(store, *(of_version(kit, number) for number in (1, 2, 3)))
    for number in (1, 2, 3):
        kit.give(store, "ana-lovelace", key=f"k{number}")
    return store
