"""Which facts a text states: by type for values, never in a rejected clause."""

import pytest

from traceeval.measures.facts import facts_of, is_value, states


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
        ("No, it is not covered.", "no", True),
        ("Yes, it is covered.", "no", False),
        ("Water damage is covered by the basic plan.", "Water damage is not covered by the basic plan.", False),
        ("Water damage is not covered by the basic plan.", "Water damage is not covered by the basic plan.", True),
        ("", "Rome", False),
    ],
)
def test_a_fact_is_stated_or_not(text, fact, stated):
    assert states(text, fact) is stated


def test_short_references_are_values_and_sentences_are_not():
    assert is_value("6650 km")
    assert not is_value("Water damage is not covered by the basic plan.")


def test_several_answers_are_alternatives_of_one_fact_and_claims_are_facts_each():
    assert facts_of(("Rome", "Roma"), None) == (("Rome", "Roma"),)
    assert facts_of(None, ("a is b.", "c is d.")) == (("a is b.",), ("c is d.",))
    assert facts_of(None, None) == ()
