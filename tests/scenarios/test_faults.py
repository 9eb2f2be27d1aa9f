"""Every fault of the desk has teeth: some careless twin of the example agent is bitten by it."""

import json

import pytest
from examples.support_desk.agent import Desk
from examples.support_desk.hands import Failed, Hands
from tests.scenarios._suites import outcomes, shipped

KEYS = frozenset(
    "id title text customer_id name email kind points order_id item total status ordered_on delivered_on address "
    "on_sale refunded note days_since_delivery changed_on message days_unchanged ticket_id".split()
)
HARMLESS = {
    "carrier-slow": "late is not wrong",
    "slow-search": "late is not wrong",
    "carrier-down": "who says nothing of it is rare",
    "list-empty": "bites an agent that claims a deed of its own",
    "never-more-than-paid": "bites an agent that guesses amounts",
}


class Hasty(Hands):
    """Does a write again whenever it heard nothing of it."""

    def write(self, name, done, **arguments):
        return super().write(name, lambda: False, **arguments)


class Fragile(Hands):
    """Tries once, and looks nothing up."""

    def read(self, name, **arguments):
        return self._once(name, arguments)

    def write(self, name, done, **arguments):
        return self._once(name, arguments)

    def _once(self, name, arguments):
        result = self._session.call_tool(name, arguments)
        if result.error is not None:
            raise Failed("no")
        return json_of(result.text)


class Bold(Hands):
    """Believes that what it asked for is done."""

    def write(self, name, done, **arguments):
        self._session.call_tool(name, arguments)
        return {"ticket_id": "T-900"}


class Literal(Fragile):
    """Knows a record by the names of its keys, and no others."""

    def read(self, name, **arguments):
        found = self._once(name, arguments)
        return {key: found[key] for key in found if key in KEYS} if isinstance(found, dict) else found


def json_of(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Failed("damaged") from error


def twin(hands):
    def agent(session):
        desk, text = Desk(hands(session)), session.messages[0].content
        while text is not None:
            text = session.say(desk.answer(text))

    return agent


def bitten(hands, folder, only=None):
    """Fault -> whether the twin failed under it."""
    rows = outcomes("support_desk", twin(hands), folder, only=only)
    return {row["cell"]["fault"]: row["result"] == "fail" for row in rows if "fault" in row["cell"]}


def test_an_agent_that_repeats_what_it_did_not_hear_of_pays_twice(tmp_path):
    found = bitten(Hasty, tmp_path, only="support_desk/refund-agreed-in-ticket")
    assert found == {"part-paid-but-timed-out": True, "ticket-unreadable-once": False}


@pytest.mark.soak
def test_every_fault_bites_some_careless_agent(tmp_path):
    known = {fault.id for one in shipped("support_desk").scenarios for fault in one.faults}
    teeth = set()
    for hands in (Hasty, Fragile, Bold, Literal):
        teeth |= {fault for fault, failed in bitten(hands, tmp_path / hands.__name__).items() if failed}
    assert known - teeth == HARMLESS.keys()
