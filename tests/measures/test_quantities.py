"""Numbers with their units, and what is a date instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.quantities import has_date, quantities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It weighs 3 kg.", [(3.0, "kg", "mass")]),
        ("It costs $5 million.", [(5_000_000.0, "$", "money")]),
        ("It costs 12 euros.", [(12.0, "euro", "money")]),
        ("About 40 % of them left.", [(40.0, "percent", "share")]),
        ("It takes two working days.", [(2.0, "day", "time")]),
        ("There are 17 vacuums.", [(17.0, "vacuum", None)]),
        ("Room 12.", [(12.0, None, None)]),
        ("It was built in 1932.", []),
        ("On 3 May it opened.", []),
        ("1932 euros were paid.", [(1932.0, "euro", "money")]),
        ("The first guest left.", []),
        ("None at all.", []),
    ],
)
def test_a_number_has_what_it_counts_and_of_which_kind_that_is(text, found):
    assert [(one.value, one.unit, one.kind) for one in quantities(text)] == found


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("It was built in 1932.", True),
        ("It opens on Mondays.", True),
        ("It was signed in May.", True),
        ("May I go?", False),
        ("He will march on.", False),
        ("It closes at 5 pm.", True),
        ("It ends on 2024-05-03.", True),
        ("It ends tomorrow.", True),
        ("He left three days later.", True),
        ("It costs 1932 euros.", False),
        ("There are 17 of them.", False),
    ],
)
def test_a_time_is_a_date_and_an_amount_is_not(text, dated):
    assert has_date(text) is dated


@given(st.text(max_size=80))
def test_any_text_has_quantities_at_tokens_of_its_own(text):
    places = [one.at for one in quantities(text)]
    assert places == sorted(set(places))
