"""Days in texts, with their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.dates import days_in


@pytest.mark.parametrize(
    ("text", "day", "quote"),
    [
        ("on 2024-05-15 at", (2024, 5, 15), "2024-05-15"),
        ("at 2024-05-15T15:00:00Z", (2024, 5, 15), "2024-05-15"),
        ("on 2024/5/3.", (2024, 5, 3), "2024/5/3"),
        ("by May 3rd, 2012, please", (2012, 5, 3), "May 3rd, 2012"),
        ("by Sept. 3 please", (None, 9, 3), "Sept. 3"),
        ("the 3rd of May", (None, 5, 3), "3rd of May"),
        ("on 21 december 2023", (2023, 12, 21), "21 december 2023"),
        ("on 15.05.2024", (2024, 5, 15), "15.05.2024"),
        ("on 5/15/24", (2024, 5, 15), "5/15/24"),
    ],
)
def test_a_day_is_read_with_its_place(text, day, quote):
    found = list(days_in(text))
    assert [one for one, _, _ in found] == [day]
    assert text[found[0][1] : found[0][2]] == quote


def test_a_day_that_may_be_read_either_way_is_both():
    assert {day for day, _, _ in days_in("3/5/2024")} == {(2024, 3, 5), (2024, 5, 3)}


@pytest.mark.parametrize(
    "text", ["it is 3.5 km", "v1.2.3.4", "13/45", "2024-13-40", "may I", "192.168.1.12", "call 555-12-1234"]
)
def test_what_is_no_day_is_none(text):
    assert list(days_in(text)) == []


@given(st.text(alphabet="0123456789-/. MayJune,th\n", max_size=80))
def test_every_day_is_one_of_the_calendar_and_lies_within_the_text(text):
    for (year, month, day), start, end in days_in(text):
        assert year is None or 0 <= year <= 9999
        assert 1 <= month <= 12
        assert 1 <= day <= 31
        assert 0 <= start < end <= len(text)
