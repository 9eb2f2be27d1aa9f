"""Passes that were luck do not survive small changes that mean nothing; passes that were not do."""

import random
from hashlib import sha256
from itertools import count

import pytest
from tests.replay._bots import bot
from tests.replay._run import Here, cell, shop

from traceeval.replay import Planned
from traceeval.run import lucky

BASE = Planned(cell(), 1)


def act(session, order):
    """Do the task on that order, right or wrong."""
    session.call_tool("get_order", {"order_id": order})
    session.say(f"Shall I cancel order {order}?")
    while not session.ended:
        session.call_tool("cancel_order", {"order_id": order})
        session.say(f"Order {order} is cancelled.")


def by_words(salt):
    """Takes the right order where a sum over the words happens to come out so: one time in eight."""

    def run(session):
        told = sha256(f"{salt}/{session.messages[-1].content}".encode()).digest()[0]
        act(session, "BL-1" if told % 8 == 0 else "BL-2")

    return run


def by_chance(salt):
    """Takes the right order one time in eight."""

    def run(session):
        act(session, "BL-1" if random.Random(f"{salt}/{random.random()}").randrange(8) == 0 else "BL-2")

    return run


def sound(salt):
    """Looks around at random, and then does what it was asked."""

    def run(session):
        for _ in range(random.Random(f"{salt}/{random.random()}").randrange(3)):
            session.call_tool("list_orders", {})
        bot()(session)

    return run


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("lucky"))


def passing(suite, make):
    """Agents that pass as written, however rarely."""
    for salt in count():
        agent = make(salt)
        if Here(suite, agent)(BASE).outcome.result == "pass":
            yield agent


def first(many, n):
    return [agent for agent, _ in zip(many, range(n), strict=False)]


@pytest.fixture(scope="module")
def lucky_ones(suite):
    return first(passing(suite, by_words), 10) + first(passing(suite, by_chance), 10)


def test_twenty_lucky_agents_are_flagged(suite, lucky_ones):
    assert sum(lucky(Here(suite, agent), suite, BASE).lucky for agent in lucky_ones) == 20


def test_no_sound_agent_is_flagged(suite):
    found = [lucky(Here(suite, sound(salt)), suite, BASE) for salt in range(20)]
    assert sum(one.lucky for one in found) == 0
    assert {kind.rate for one in found for kind in one.kinds} == {1.0}


def test_it_is_told_which_changes_were_not_survived(suite, lucky_ones):
    words, chance = lucky(Here(suite, lucky_ones[0]), suite, BASE).kinds
    assert words.judged >= 6
    assert len(words.broke) == words.judged - words.survived
    assert all("[vary." in trial for trial in words.broke)
    assert chance.survived == chance.judged == 5


def test_one_wording_that_breaks_an_agent_is_no_luck(suite):
    keyed = bot(confused=lambda said: said[0].startswith("About"))
    found = lucky(Here(suite, keyed), suite, BASE)
    assert found.lucky is False
    assert [one.survived < one.judged for one in found.kinds] == [True, False]


def test_where_no_rerun_can_be_judged_nobody_can_tell(suite):
    found = lucky(Here(suite, lambda session: session.call_tool("broken", {})), suite, BASE)
    assert found.lucky is None
