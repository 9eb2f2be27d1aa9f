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


ROOMS = [
    {"room_id": "RM-11", "price": 120.5, "deposit_cents": 5000, "weight_kg": 2, "discount": 0.15, "guests": 40},
    {"room_id": "RM-22", "price": 99, "deposit_cents": 7000, "weight_kg": 3, "discount": 0.2, "guests": 60},
]


def priced(answer, *between, rooms=ROOMS):
    return found(CODE, user("What is RM-11?"), call("search_items", {}, rooms), *between, model(answer))


@pytest.mark.parametrize(
    "answer",
    [
        "The price of RM-11 is $99.",
        "RM-11 has a price of 121.50 USD.",
        "The deposit for RM-11 is $70.",
        "For RM-11 the discount is 20%.",
        "RM-11: the number is fine, the guests are 60.",
    ],
)
def test_a_number_that_was_not_observed_of_it_is_contradicted(answer):
    (finding,) = priced(answer)
    assert finding.severity == 5
    assert "was last observed as" in finding.text


@pytest.mark.parametrize(
    "answer",
    [
        "The price of RM-11 is $120.50.",
        "The price of RM-11 is 121.",
        "The price of RM-11 is about 100.",
        "The deposit for RM-11 is $50.",
        "The deposit for RM-11 is 5,000 cents.",
        "For RM-11 the discount is 15%.",
        "The weight of RM-11 is 4.4 lbs.",
        "The price of RM-11 with breakfast is 135.50.",
        "The price of two nights in RM-11 is 241.",
        "The price of RM-11 is 30 per guest.",
        "The total price of RM-11 is 361.50.",
        "The price of RM-11 was 99.",
        "The price of RM-11 would be 99.",
        "The price of RM-22 is 99.",
        "RM-11 has a price of 120.50, RM-22 one of 99.",
        "RM-11 is on floor 99.",
        "The price is $99.",
    ],
)
def test_rounding_units_shares_and_numbers_of_something_else_are_none(answer):
    assert not priced(answer)


def test_a_scale_word_is_part_of_the_number():
    town = [{"town_id": "TW-11", "population": 5_000_000}]
    assert not priced("The population of TW-11 is 5 million.", rooms=town)
    assert priced("The population of TW-11 is 6 million.", rooms=town)


def test_an_id_of_several_things_does_not_tell_whose_number_is_meant():
    orders = [{"order_id": f"ORD-{n}", "user_id": "USR-77", "total": n} for n in (11, 22)]
    assert not priced("The total of USR-77 is 33.", rooms=orders)
    assert priced("The total of ORD-11 is 22.", rooms=orders)


def test_a_numeric_id_is_no_number_of_its_own():
    assert not priced("The price of 4711 is 20.", rooms=[{"id": 4711, "price": 20}])
    assert priced("The price of 4711 is 21.", rooms=[{"id": 4711, "price": 20}])


def test_the_newest_number_counts_and_a_change_after_it_settles_nothing():
    newer = call("get_order", {"id": "RM-11"}, {"room_id": "RM-11", "price": 99})
    assert not priced("The price of RM-11 is 99.", newer)
    assert not priced("The price of RM-11 is 99.", call("cancel_order", {"id": "RM-11"}))


def test_a_number_that_was_observed_under_another_field_may_be_meant():
    fares = [{"room_id": "RM-11", "price": 53, "fares": {"standard": 69, "suite": 364}}]
    assert not priced("RM-11, price: $364", rooms=fares)
    assert priced("RM-11, price: $365", rooms=fares)
