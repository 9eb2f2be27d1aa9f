"""Which facts a text states: by type for values, never in a rejected clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.facts import denies, facts_of, is_value, place_of, stance, states, states_any
from traceeval.measures.polarity import polarity

WATER = "Is water damage covered by the basic warranty?"


@pytest.mark.parametrize(
    ("text", "fact", "stated"),
    [
        ("It is not Paris, it is Rome.", "Paris", False),
        ("It is not Paris, it is Rome.", "Rome", True),
        ("The Nile is 6,650 km long.", "6650 km", True),
        ("The Nile is 6,650 miles long.", "6650 km", False),
        ("Refunds are paid within 7 working days.", "7 days", False),
        ("Refunds take up to 14 days.", "14 days", True),
        ("You cannot wait more than 14 days.", "14 days", True),
        ("It costs $5 million.", "$5,000,000", True),
        ("Signed on 2012-05-03.", "3 May 2012", True),
        ("Signed on 2012-05-04.", "3 May 2012", False),
        ("The museum opened on May 3, 2012.", "The museum opened on 2012-05-03.", True),
        ("The museum opened on May 4, 2012.", "The museum opened on 2012-05-03.", False),
        ("No, it is not covered.", "no", True),
        ("Yes, it is covered.", "no", False),
        ("Water damage is covered by the basic plan.", "Water damage is not covered by the basic plan.", False),
        ("Water damage is not covered by the basic plan.", "Water damage is not covered by the basic plan.", True),
        ("", "Rome", False),
    ],
)
def test_a_fact_is_stated_or_not(text, fact, stated):
    assert states(text, fact) is stated


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("It is not Paris, it is Rome.", "Paris", "denies"),
        ("Paris is not the capital; Rome is.", "Paris", "denies"),
        ("Paris isn't the capital.", "Paris", "denies"),
        ("The capital is Rome rather than Paris.", "Paris", "denies"),
        ("The capital is Rome rather than Paris.", "Rome", "states"),
        ("Rome, not Paris, is the capital.", "Paris", "denies"),
        ("Rome, not Paris, is the capital.", "Rome", "states"),
        ("Unlike Paris, Rome is the capital.", "Paris", "denies"),
        ("Instead of Paris they chose Rome.", "Paris", "denies"),
        ("It is no longer Paris.", "Paris", "denies"),
        ("It used to be Paris.", "Paris", "denies"),
        ("Paris is wrong.", "Paris", "denies"),
        ("Neither Paris nor Rome is the capital.", "Paris", "denies"),
        ("Not only Paris but also Rome hosts the games.", "Paris", "states"),
        ("It is either Paris or Rome.", "Paris", "silent"),
        ("It could be Rome or Paris.", "Paris", "silent"),
        ("You can pay by Visa or Mastercard.", "Visa", "states"),
        ("The limit is 30 days, not 14 days.", "14 days", "denies"),
        ("The limit is 30 days, not 14 days.", "30 days", "states"),
        ("It was not signed on 3 May 2012.", "3 May 2012", "denies"),
        ("It is not longer than 14 days.", "14 days", "states"),
        ("Berlin has many museums.", "Paris", "silent"),
        ("Gas appliances are connected by our installers.", "Gas appliances are not connected by our installers.", "denies"),
        ("The clinic opens at 9 on weekdays.", "The clinic opens at 8 on weekdays.", "denies"),
        ("The clinic has a garden.", "The clinic opens at 8 on weekdays.", "silent"),
    ],
)  # fmt: skip
def test_a_rejected_value_is_denied_and_of_several_guesses_none_is_asserted(text, fact, expected):
    assert stance(text, fact) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Water damage is covered by the basic warranty.", True),
        ("Water damage is not covered by the basic warranty.", False),
        ("The basic warranty excludes water damage.", False),
        ("The basic warranty never covered water damage.", False),
        ("Unfortunately, no.", False),
        ("Yes.", True),
        ("It isn't.", False),
        ("Our shop opens at nine.", None),
    ],
)
def test_yes_and_no_may_be_said_by_saying_again_what_was_asked(text, said):
    assert polarity(text, WATER) is said


def test_opposites_turn_the_answer_round():
    assert polarity("The device is unsafe for children.", "Is the device safe for children?") is False
    assert polarity("The device is not unsafe for children.", "Is the device safe for children?") is True
    assert polarity("The device is safe for children.", "Isn't the device safe for children?") is True


def test_a_chunk_states_yes_or_no_without_the_word():
    chunk = "Returns are easy. Water damage is not covered by the basic warranty."
    assert states_any(chunk, ("no",), WATER)
    assert denies(chunk, ("yes",), WATER)
    assert not states_any(chunk, ("no",))


def test_a_fact_has_its_place_in_a_text():
    text = "The Nile flows north. It is 6,650 km long."
    assert text[slice(*place_of(text, ("6650 km",)))] == "It is 6,650 km long."
    assert place_of(text, ("12 km",)) is None


def test_one_alternative_is_enough_and_a_stated_one_outweighs_a_denied_one():
    assert not denies("It is not Paris, it is Rome.", ("Paris", "Rome"))
    assert denies("It is not Paris.", ("Paris", "Rome"))


def test_short_references_are_values_and_sentences_are_not():
    assert is_value("6650 km")
    assert not is_value("Water damage is not covered by the basic plan.")


def test_several_answers_are_alternatives_of_one_fact_and_claims_are_facts_each():
    assert facts_of(("Rome", "Roma"), None) == (("Rome", "Roma"),)
    assert facts_of(None, ("a is b.", "c is d.")) == (("a is b.",), ("c is d.",))
    assert facts_of(None, None) == ()


@given(st.text(max_size=80), st.text(max_size=30), st.one_of(st.none(), st.text(max_size=40)))
def test_no_text_raises_and_nothing_is_both_stated_and_denied(text, fact, question):
    assert stance(text, fact, question) in ("states", "denies", "silent")
    assert not (states_any(text, (fact,), question) and denies(text, (fact,), question))
