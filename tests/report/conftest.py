"""A run whose every text was written by an attacker."""

import pytest

import traceeval
from traceeval.model import Reference
from traceeval.testing import call, model, rerank, retrieval, trace, user

ATTACK = (
    '"><script>alert(1)</script><img src=x onerror=alert(2)>javascript:alert(3)\x1b[31m\u202e{{7*7}}</svg><style>*{}'
)


def hostile():
    doc = (f"d{ATTACK}", f"text {ATTACK}")
    return trace(
        user(ATTACK, id=f"u{ATTACK}"),
        retrieval(doc, query=ATTACK, id=f"r{ATTACK}"),
        rerank([doc], [doc], id=f"k{ATTACK}"),
        call(f"tool{ATTACK}", {f"key{ATTACK}": ATTACK}, {f"result{ATTACK}": ATTACK}, id=f"c{ATTACK}"),
        call("cancel_order", {"id": ATTACK}, error=ATTACK, id=f"e{ATTACK}"),
        model(
            f"The order was cancelled. {ATTACK}",
            prompt=[("system", f"text {ATTACK}"), ("user", ATTACK)],
            id=f"m{ATTACK}",
        ),
        id=f"trace{ATTACK}",
        question=ATTACK,
        answer=f"The order was cancelled. {ATTACK}",
        reference=Reference(documents={f"other{ATTACK}": 1}, answer=(ATTACK,)),
        metadata={"tenant": ATTACK},
        tags=(ATTACK, "beta"),
    )


@pytest.fixture(scope="session")
def attacked(tmp_path_factory):
    return traceeval.evaluate([hostile()], out=tmp_path_factory.mktemp("attacked") / "out", by=["tenant", "tags"])
