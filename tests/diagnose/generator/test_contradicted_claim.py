import pytest
from tests.diagnose._found import found

from traceeval.testing import call, model, user

CODE = "generator.contradicted_claim"
ORDERS = [{"id": "ORD-11", "status": "pending"}, {"id": "ORD-22", "status": "delivered"}]


def told(answer, *between):
    return found(CODE, user("Where is ORD-11?"), call("search_items", {}, ORDERS), *between, model(answer))


def test_a_state_that_another_thing_has_is_contradicted():
    (finding,) = told("Your order ORD-11 is delivered.")
    assert finding.severity == 5
    assert finding.evidence[0].quote == "Your order ORD-11 is delivered."


@pytest.mark.parametrize(
    "answer",
    [
        "Your order ORD-11 is pending.",
        "Your order ORD-11 will be delivered.",
        "If ORD-11 is delivered, you can return it.",
        "ORD-11 was delivered to the depot and is pending.",
        "Is ORD-11 delivered?",
        "ORD-22 is delivered.",
        "ORD-11 is pending, ORD-22 is delivered.",
        "Your order ORD-11 is fine.",
    ],
)
def test_what_is_not_said_of_it_now_is_none(answer):
    assert not told(answer)


def test_a_change_after_the_read_settles_nothing():
    assert not told("Your order ORD-11 is delivered.", call("cancel_order", {"id": "ORD-11"}))


def test_the_newest_observation_counts():
    newer = call("get_order", {"id": "ORD-11"}, {"id": "ORD-11", "status": "delivered"})
    assert not told("Your order ORD-11 is delivered.", newer)
