import pytest
from tests.diagnose._found import found

from traceeval.testing import call, model, user

CODE = "planner.dropped_constraint"


def test_a_day_that_reached_nothing_is_a_defect():
    (finding,) = found(
        CODE,
        user("Please book a room on May 14 for me"),
        call("book_room", {"date": "2024-05-15", "name": "Ann"}),
        model("Your room is booked."),
    )
    assert finding.severity == 3
    assert finding.evidence[0].quote == "May 14"


def test_a_limit_that_reached_nothing_is_a_defect():
    spans = [user("Find a lamp under $200, please"), call("find_lamp", {"max_price": 900}), model("Here is one.")]
    (finding,) = found(CODE, *spans)
    quote = finding.evidence[0]
    assert spans[0].body.text[quote.start : quote.end] == quote.quote == "under $200"


def test_a_constraint_in_a_call_or_in_the_answer_is_kept():
    ask = user("Please book a room on May 14 for me")
    assert not found(CODE, ask, call("book_room", {"date": "2024-05-14"}), model("Done."))
    assert not found(CODE, ask, call("book_room", {"date": "2024-05-15"}), model("May 14 is taken, so May 15."))


def test_without_an_argument_for_it_nobody_could_keep_it():
    assert not found(CODE, user("Please book a room on May 14"), call("book_room", {"name": "Ann"}), model("Done."))


def test_a_birthday_is_no_constraint():
    spans = [user("I was born May 14, 1990. I need a room"), call("book_room", {"date": "2024-06-01"}), model("Done.")]
    assert not found(CODE, *spans)


def test_a_day_that_is_told_and_not_asked_for_is_no_constraint():
    spans = [user("The parcel came on May 14."), call("book_room", {"date": "2024-06-01"}), model("Done.")]
    assert not found(CODE, *spans)


DONE = model("It is booked.")


def test_what_was_ruled_out_and_a_call_asks_for_is_a_defect():
    ask = user("Please find me a flight to Oslo, but no Skyline Air.")
    (finding,) = found(CODE, ask, call("find_flight", {"to": "Oslo", "airline": "Skyline Air"}), DONE)
    quote = finding.evidence[0]
    assert ask.body.text[quote.start : quote.end] == quote.quote == "Skyline Air"
    assert "airline='Skyline Air'" in finding.text
    assert finding.severity == 3


@pytest.mark.parametrize(
    ("ask", "thing", "arguments"),
    [
        ("Please order the salad without peanuts", "peanuts", {"item": "salad", "exclude": []}),
        ("I need a room. Avoid the ground floor, please.", "ground floor", {"avoid": "noise"}),
        ("Can you book a table anywhere except Luigi's?", "Luigi's", {"exclude_places": "none"}),
        ("List all hotels other than the Grand Palace.", "Grand Palace", {"excluded": []}),
        ("Book a car, don't take a diesel.", "diesel", {"without": ""}),
        ("I want a room, no smoking.", "smoking", {"smoking": True}),
    ],
)
def test_an_exclusion_that_nobody_left_out_is_a_defect_where_a_tool_could(ask, thing, arguments):
    (finding,) = found(CODE, user(ask), call("book_thing", arguments), DONE)
    assert finding.evidence[0].quote == thing


@pytest.mark.parametrize(
    ("ask", "spans"),
    [
        ("Please order the salad without peanuts", [call("order", {"exclude": ["Peanuts"]}), DONE]),
        ("Please order the salad without peanuts", [call("order", {"item": "salad"}), DONE]),
        ("Please order it without peanuts", [call("order", {"exclude": []}), model("It comes without peanuts.")]),
        ("I want a room, no smoking.", [call("book", {"smoking": False}), DONE]),
        ("I want a room, no smoking.", [call("book", {"smoking": "no"}), DONE]),
        ("Book it, no problem if it is late.", [call("book", {"exclude": []}), DONE]),
        ("Please book it, I do not want to pay more.", [call("book", {"exclude": []}), DONE]),
        ("Book it without waiting for Ann.", [call("book", {"exclude": []}), DONE]),
        ("The salad came without peanuts.", [call("order", {"exclude": []}), DONE]),
        ("No Skyline Air for me.", [call("find_flight", {"airline": "Skyline Air"}), DONE]),
    ],
)
def test_what_was_left_out_spoken_of_or_never_asked_for_is_none(ask, spans):
    assert not found(CODE, user(ask), *spans)


def test_a_user_who_comes_back_to_it_has_changed_their_mind():
    spans = [user("Please find a flight, no Skyline Air."), model("There is nothing else."), user("Then Skyline Air.")]
    assert not found(CODE, *spans, call("find_flight", {"airline": "Skyline Air"}), DONE)
