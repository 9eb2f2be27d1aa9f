"""Hidden gold looks like any other item (review.md check 37): page and headers are the same but for ids."""

import importlib
import re
import statistics
import time

import pytest
from sqlalchemy import select, update

from traceeval.review import schema
from traceeval.review.gold import GoldItem, add_gold
from traceeval.review.subjects import prepare

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
OF_THE_ANSWER = {"date", "set-cookie"}


def share(store, value):
    table = schema.queue

    def change(connection):
        old = connection.execute(select(table.c.settings)).scalar_one()
        connection.execute(update(table).values(settings={**old, "gold_share_first": value, "gold_share": value}))

    store.transact(change)


@pytest.fixture
def mixed(store, filled, kit):
    """A queue of three ordinary items and three of gold, of traces alike."""
    made = [kit.unit(number) for number in (4, 5, 6)]
    golds = [
        GoldItem(subject=prepare(one.sha256, one.trace, one.payload), marks=dict.fromkeys(CRITERIA, 5)) for one in made
    ]
    add_gold(store, "default", "expert", golds)


def opened(visitor, store, gold):
    """A claim of that kind: where it leads."""
    share(store, float(gold))
    where = visitor.post("/review/default/claim").headers["location"]
    with store.read() as connection:
        slot = int(where.rpartition("/")[2])
        kind = connection.execute(select(schema.slot.c.kind).where(schema.slot.c.id == slot)).scalar_one()
    assert kind == ("gold" if gold else "review")
    return where


def seen(answer):
    """What a person may tell items apart by, but for numbers and keys."""
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_ANSWER}
    keyless = re.sub(r'(name="(?:key|csrf)" value)="[^"]*"', r"\1", answer.text)
    return re.sub(r"[0-9a-f]{16,}|\d+", "#", keyless), {
        name: re.sub(r"[\w-]{16,}|\d+", "#", value) for name, value in headers.items()
    }


def test_gold_is_told_from_an_ordinary_item_by_nothing_but_ids(visit, store, mixed):
    pages = [
        seen(visitor.get(opened(visitor, store, gold)))
        for gold, visitor in ((False, visit("ana", "reviewer")), (True, visit("ben", "reviewer")))
    ]
    assert pages[0][0].replace("ana", "ben") == pages[1][0]
    assert pages[0][1] == pages[1][1]


def leases(visit, token, store):
    """What the API tells of an ordinary item and of gold, but for numbers."""
    told = []
    for who, gold in (("ana", 0.0), ("ben", 1.0)):
        share(store, gold)
        lease = visit().http.post("/api/v1/queues/default/claim", headers=token(who, "reviewer")).json()["lease"]
        told.append(re.sub(r"[0-9a-f]{16,}|\d+", "#", repr(lease)))
    return told


def test_the_api_tells_gold_from_an_ordinary_item_by_nothing_but_ids(visit, token, store, mixed):
    plain, gold = leases(visit, token, store)
    assert plain == gold


def test_a_queue_that_tells_what_is_gold_is_found(visit, token, store, mixed, monkeypatch):
    monkeypatch.setattr(importlib.import_module("traceeval.review.queue"), "kind_shown", lambda kind: kind)
    plain, gold = leases(visit, token, store)
    assert plain != gold


@pytest.mark.soak
def test_gold_takes_as_long_as_an_ordinary_item(visit, store, mixed, figure):
    took = {}
    places = {gold: (visit(who, "reviewer"),) for gold, who in ((False, "ana"), (True, "ben"))}
    places = {gold: (visitor, opened(visitor, store, gold)) for gold, (visitor,) in places.items()}
    for _ in range(400):
        for gold, (visitor, where) in places.items():
            begin = time.perf_counter()
            assert visitor.get(where).status_code == 200
            took.setdefault(gold, []).append(time.perf_counter() - begin)
    plain, gold = (1000 * statistics.median(took[kind]) for kind in (False, True))
    figure(
        "37 gold",
        f"pages equal but for ids; median of 400: ordinary {plain:.2f} ms, gold {gold:.2f} ms ({gold / plain - 1:+.1%})",
    )


@pytest.mark.parametrize("gold", [False, True])
def test_the_counts_on_pages_are_those_of_an_ordinary_item(visit, store, mixed, gold):
    ana = visit("ana", "reviewer")
    opened(ana, store, gold)
    for page in ("/review", "/queue/default/results"):
        assert 's-in_review">1 ' in ana.get(page).text
    assert ('s-in_review">1 ' in visit("lea", "lead").get("/queue/default").text) is not gold
