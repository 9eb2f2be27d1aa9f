"""Preferences of settled pairs, read back person by person."""

import zlib

import msgspec
import pytest
from sqlalchemy import update

from traceeval.errors import NotFound
from traceeval.model import System
from traceeval.review import preferences, schema
from traceeval.testing import model, trace, user


def response(name, answer):
    one = trace(user("which?"), model(answer), id=name, answer=answer)
    return msgspec.structs.replace(one, system=System(app=name, model="gpt-4o"))


def paired(store):
    """The preferences of the queue, asked for experts, whose subjects are pairs of systems."""
    payload = zlib.compress(msgspec.json.encode((response("x", "short"), response("y", "a longer one"))))
    store.transact(lambda c: c.execute(update(schema.subject).values(parts=2, payload=payload)))
    store.transact(lambda c: c.execute(update(schema.queue).values(audience="experts")))
    return list(preferences(store, ["default"]))


def test_a_preference_is_not_told_while_its_item_is_open(store, kit):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana", preference="a")
    assert paired(store) == []


def test_a_preference_is_told_once_its_item_is_settled(store, kit):
    kit.fill(store, kit.unit(1))
    for who in ("ana", "ben"):
        kit.give(store, who, preference="a")
    rows = paired(store)
    assert [(row.preference, row.audience) for row in rows] == [("a", "experts")] * 2
    assert len({row.reviewer for row in rows}) == 2
    assert not any(name in row.reviewer for row in rows for name in ("ana", "ben"))
    assert (rows[0].a.system, rows[0].a.family, rows[0].a.length) == ("x gpt-4o", "gpt", 5)
    assert (rows[0].b.system, rows[0].b.length) == ("y gpt-4o", 12)


def test_which_stood_first_is_told(store, kit):
    kit.fill(store, kit.unit(1))
    for who in ("ana", "ben"):
        kit.give(store, who, preference="b")
    swap = update(schema.slot).where(schema.slot.c.n == 2).values(swapped=True)
    store.transact(lambda c: c.execute(swap))
    assert [row.first for row in paired(store)] == ["a", "b"]


def test_single_traces_have_no_preference_to_tell(store, kit):
    kit.fill(store, kit.unit(1))
    for who in ("ana", "ben"):
        kit.give(store, who)
    assert list(preferences(store, ["default"])) == []


def test_a_queue_nobody_made_is_said(store):
    with pytest.raises(NotFound):
        preferences(store, ["nothing"])
