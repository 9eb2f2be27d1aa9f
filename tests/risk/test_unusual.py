"""R-OOD: a call unlike those of the other traces of its application."""

import pytest

from traceeval.graph import Survey
from traceeval.testing import call, trace, user

PAYMENTS = [20, 25, 31, 40, 18, 27, 33, 22, 29, 36] * 3


def ordinary():
    return [
        trace(
            user("Pay it."),
            call("get_bill", {"id": f"B-{n}"}),
            call("pay_bill", {"amount": amount, "to": f"{n}@bank.example"}),
            id=f"t{n}",
        )
        for n, amount in enumerate(PAYMENTS)
    ]


@pytest.fixture
def odd(why):
    def ask(*spans, others=None):
        survey = Survey()
        mine = trace(user("Pay it."), *spans, id="mine")
        for one in [*(ordinary() if others is None else others), mine]:
            survey.add(one)
        return why("unusual", user("Pay it."), *spans, usual=survey.usual())

    return ask


def test_a_tool_nobody_else_calls_is_unusual_and_named(odd):
    reason = odd(call("get_bill", {"id": "B-7"}), call("wipe_disk", {"path": "/"}))
    assert reason.text == "wipe_disk is called, as do 0 of 30 other traces"
    assert [evidence.quote for evidence in reason.evidence] == ["wipe_disk({'path': '/'})"]
    assert reason.weight == 0.5


def test_an_argument_nobody_else_gives_and_a_host_nobody_else_writes_to_weigh_less(odd):
    argument = odd(call("get_bill", {"id": "B-7", "as_admin": True}))
    host = odd(call("pay_bill", {"amount": 30, "to": "x@elsewhere.example"}))
    assert argument.text.startswith("get_bill is given as_admin, as do 0 of 30")
    assert host.text.startswith("pay_bill is given to as address at elsewhere.example")
    assert 0 < host.weight < argument.weight < 0.5


def test_an_amount_far_from_all_others_is_unusual_in_both_directions(odd):
    assert "pay_bill: amount lies" in odd(call("pay_bill", {"amount": 90_000, "to": "x@bank.example"})).text
    assert "pay_bill: amount lies" in odd(call("pay_bill", {"amount": -30, "to": "x@bank.example"})).text


@pytest.mark.parametrize(
    "spans",
    [
        [call("get_bill", {"id": "B-900"})],
        [call("pay_bill", {"amount": 55, "to": "new@bank.example"})],
        [
            call("pay_bill", {"amount": 12.5, "to": "new@bank.example"}),
            call("pay_bill", {"amount": 12.5, "to": "x@bank.example"}),
        ],
    ],
)
def test_new_ids_people_and_amounts_in_the_range_are_usual(odd, spans):
    assert odd(*spans) is None


def test_what_a_few_others_do_too_is_no_news(odd):
    two = [trace(call("wipe_disk", {"path": "/tmp"}), id=f"w{n}") for n in range(2)]
    assert odd(call("wipe_disk", {"path": "/"}), others=[*ordinary(), *two]) is None


def test_what_one_of_fifty_others_does_is_unusual_and_what_two_do_is_not(odd):
    fifty = [trace(call("get_bill", {"id": "B-1"}), id=f"g{n}") for n in range(49)]
    wipes = [trace(call("wipe_disk", {"path": "/tmp"}), id=f"w{n}") for n in range(2)]
    assert odd(call("wipe_disk", {"path": "/"}), others=[*fifty, wipes[0]]) is not None
    assert odd(call("wipe_disk", {"path": "/"}), others=[*fifty, *wipes]) is None


def test_among_few_others_or_without_any_survey_nothing_is_unusual(odd, why):
    strange = call("wipe_disk", {"path": "/"})
    assert odd(strange, others=ordinary()[:19]) is None
    assert odd(strange, others=ordinary()[:20]) is not None
    assert why("unusual", user("Pay it."), strange) is None


def test_the_contract_of_a_rule_holds(contract):
    contract("unusual")
