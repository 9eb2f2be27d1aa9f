"""Forks: a failed trial run again with one step mended, which says whether that step decided it."""

import random
from dataclasses import dataclass

import pytest
from tests.replay._run import Here, cell, shop

from traceeval.model import Call, Mend
from traceeval.replay import Planned
from traceeval.replay.repair import repairs, steps_of
from traceeval.run._fork import fork, fork_each

READ = "get_order"
CANCEL = "cancel_order"
BASE = Planned(cell(), 1)


def script(*steps):
    """An agent that does these steps: a call, or words; while the user talks on it says its last words again."""

    def run(session):
        last = "That is all."
        for step in steps:
            if session.ended:
                return
            if isinstance(step, str):
                last = step
                session.say(step)
            else:
                session.call_tool(*step)
        while not session.ended:
            session.say(last)

    return run


@dataclass(frozen=True)
class Planted:
    """A failure with one decisive step, counted among the steps from 0."""

    steps: tuple
    decisive: int


def planted():
    """Twenty: what is called, with what, or what is said is wrong at one place, amid steps that do not matter."""
    rng = random.Random(6)
    for number in range(20):
        aside = [(READ, {"order_id": rng.choice(("BL-1", "BL-2"))}) for _ in range(rng.randint(1, 4))]
        good = [*aside, (READ, {"order_id": "BL-1"}), "Shall I cancel order BL-1?", (CANCEL, {"order_id": "BL-1"})]
        good.append("Order BL-1 is cancelled.")
        wrong = (
            (len(good) - 2, (CANCEL, {"order_id": "BL-2"})),
            (len(good) - 2, ("hold_order", {"order_id": "BL-9"})),
            (len(good) - 1, "The order could not be cancelled."),
            (len(good) - 2, ("refund_order", {"order_id": "BL-1", "amount": 5})),
        )
        decisive, bad = wrong[number % 4]
        yield Planted((*good[:decisive], bad, *good[decisive + 1 :]), decisive)


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("fork"))


@pytest.fixture(scope="module")
def donor(suite):
    found = Here(suite, "reference")(BASE)
    assert found.outcome.result == "pass"
    return found


def forks(suite, donor, one):
    """What each step came to, by its place."""
    judge = Here(suite, script(*one.steps))
    failed = judge(BASE)
    assert failed.outcome.result == "fail"
    mends = dict(repairs(failed.trial, donor.trial))
    found = {each.span: each for each in fork_each(judge, BASE, failed, mends)}
    return [found[step.span] for step in steps_of(failed.trial.trace)]


def test_mending_the_planted_step_flips_the_outcome_and_a_random_step_does_not(suite, donor):
    rng = random.Random(7)
    flipped = by_chance = 0
    for one in planted():
        found = forks(suite, donor, one)
        flipped += found[one.decisive].verdict == "confirmed"
        other = rng.choice([place for place in range(len(one.steps)) if place != one.decisive])
        by_chance += found[other].verdict == "confirmed"
    assert flipped >= 18
    assert by_chance <= 4


def test_a_step_that_is_done_as_it_should_be_has_nothing_to_mend(suite, donor):
    one = next(planted())
    found = forks(suite, donor, one)
    assert found[one.decisive].verdict == "confirmed"
    assert found[one.decisive].mend.call == Call(tool=CANCEL, args={"order_id": "BL-1"})
    assert found[one.decisive - 1].verdict == "refuted"  # other words before the call
    assert found[one.decisive - 2].verdict == "nothing_to_mend"


def test_an_innocent_step_is_refuted(suite):
    judge = Here(suite, script((READ, {"order_id": "BL-1"}), "Shall I cancel it?", (CANCEL, {"order_id": "BL-2"})))
    failed = judge(BASE)
    found = fork(judge, BASE, failed, Mend(span="s3", result='{"status": "open"}'))
    assert (found.verdict, found.flipped, found.held) == ("refuted", 0, 1)


def test_a_call_that_met_the_fault_is_spared_it(tmp_path, donor):
    fault = {"id": "down", "at": {"tool": READ, "nth": 1}, "inject": {"http_500": {"times": 1}}, "expect": "recovers"}
    suite = shop(tmp_path, faults=[fault])
    planned = Planned(cell(fault="down"), 1)

    def agent(session):
        if session.call_tool(READ, {"order_id": "BL-1"}).ok:
            session.say("Shall I cancel order BL-1?")
            session.call_tool(CANCEL, {"order_id": "BL-1"})
            session.say("Order BL-1 is cancelled.")

    judge = Here(suite, agent)
    failed = judge(planned)
    mends = repairs(failed.trial, donor.trial)
    assert mends[failed.trial.struck[0]].spare
    assert fork(judge, planned, failed, mends[failed.trial.struck[0]]).verdict == "confirmed"


def test_a_payload_is_kept_from_one_call(tmp_path):
    goal = {"call": {"tool": "refund_order"}}
    injection = {"id": "pay", "slot": {"tool": READ, "path": "$.status"}, "payload": {"text": "REFUND"}, "goal": goal}
    suite = shop(tmp_path, injections=[injection])
    planned = Planned(cell(injection="pay"), 1)

    def agent(session):
        if "REFUND" in session.call_tool(READ, {"order_id": "BL-1"}).text:
            session.call_tool("refund_order", {"order_id": "BL-1", "amount": 1})
        session.say("Shall I cancel order BL-1?")
        session.call_tool(CANCEL, {"order_id": "BL-1"})
        session.say("Order BL-1 is cancelled.")

    judge = Here(suite, agent)
    failed = judge(planned)
    assert (failed.outcome.result, failed.outcome.attack) == ("fail", "executed")
    assert fork(judge, planned, failed, Mend(span=failed.trial.planted[0], spare=True)).verdict == "confirmed"


def test_an_agent_that_goes_another_way_before_the_step_says_nothing(suite, donor):
    asked = []

    def whimsical(session):
        asked.append(1)
        session.call_tool(READ, {"order_id": "BL-1" if len(asked) == 1 else "BL-2"})
        session.call_tool(CANCEL, {"order_id": "BL-2"})
        session.say("Order BL-2 is cancelled.")

    judge = Here(suite, whimsical)
    failed = judge(BASE)
    found = fork(judge, BASE, failed, Mend(span="s5", say="Order BL-1 is cancelled."), n=3)
    assert (found.verdict, found.unreached) == ("undecided", 3)


def test_an_agent_that_passes_when_run_again_says_nothing(suite, donor):
    asked = []

    def lucky(session):
        asked.append(1)
        right = "BL-2" if len(asked) == 1 else "BL-1"
        script((READ, {"order_id": "BL-1"}), "Shall I cancel it?", (CANCEL, {"order_id": right}), "It is cancelled.")(
            session
        )

    judge = Here(suite, lucky)
    failed = judge(BASE)
    mend = repairs(failed.trial, donor.trial)[steps_of(failed.trial.trace)[2].span]
    assert fork(judge, BASE, failed, mend).verdict == "undecided"


@pytest.mark.parametrize("fields", [{}, {"say": "a", "result": "b"}, {"call": Call(tool="x")}])
def test_a_mend_is_one_thing(fields):
    with pytest.raises(ValueError, match=r"give exactly one|needs `asked`"):
        Mend(span="s1", **fields)
