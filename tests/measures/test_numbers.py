"""Values of numbers and times of day."""

import pytest

from traceeval.measures.numbers import computed_from, digits_beside, states_beside, time_between, values_of
from traceeval.measures.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("It starts at 18:00:00.", "18:00"),
        ("It starts at 08:00.", "8:00"),
        ("It starts at 8 AM.", "8:00"),
        ("It starts at 1:30 pm.", "13:30"),
        ("It starts at 12 pm.", "12:00"),
        ("It starts at 12:15 am.", "0:15"),
    ],
)
def test_one_time_of_day_has_one_value_however_it_is_written(text, time):
    assert time in values_of(tokenise(text))


def test_seconds_that_are_some_stay():
    assert "18:00" not in values_of(tokenise("It starts at 18:00:05."))


def test_nineteen_pm_is_no_time():
    assert values_of(tokenise("19 pm")) == {19.0}


def test_a_span_lies_between_two_times():
    assert time_between("1:30", {"12:00", "13:30", 5.0})
    assert not time_between("1:31", {"12:00", "13:30"})
    assert not time_between("1:30", {"13:30"})


def test_of_many_times_some_two_are_always_that_far_apart():
    assert not time_between("1:00", {f"{hour}:00" for hour in range(1, 11)})


def test_a_share_is_computed_where_chance_does_not_explain_it():
    assert computed_from("37.5%", 37.5, [3.0, 8.0], ["37.5%"])
    assert not computed_from("5", 5.0, [2.0, 3.0], ["5"])
    assert computed_from("5", 5.0, [2.0, 3.0], ["total", "5"])


def test_a_text_states_more_than_is_known():
    assert states_beside(tokenise("It costs 5 million euros."), {5.0})
    assert not states_beside(tokenise("It takes 5 days."), {5.0})
    assert not states_beside(tokenise("It takes a while."), set())


def test_digits_say_more_than_is_known():
    assert digits_beside(["open", "3/4"], {3.0, 4.0})
    assert not digits_beside(["open", "3/4", "three"], {"3/4", 3.0, 4.0})
