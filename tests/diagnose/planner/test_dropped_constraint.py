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
