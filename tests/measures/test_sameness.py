"""Whether two answers say the same."""

import pytest

from traceeval.measures.sameness import says_same


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("The fee is 12 euros.", "The fee is 12 euros.", True),
        ("The fee is 12 euros.", "the  fee is 12 euros", True),
        ("The fee is 12 euros.", "The fee is 15 euros.", False),
        ("The fee is 12 euros.", "I do not know.", False),
        ("I do not know.", "That is not mentioned in the documents.", True),
        ("Dogs are allowed.", "Dogs are not allowed.", False),
        ("The fee is 12 euros.", "The fee is 12 euros. It is due in May.", True),
        ("The fee is 12 euros. It is due in May.", "The fee is 12 euros.", False),
        ("12 euros", "15 euros", False),
        ("", "", True),
    ],
)
def test_two_answers_say_the_same_or_do_not(before, after, same):
    assert says_same(before, after) is same


def test_with_gold_only_its_facts_count_where_the_first_answer_states_any():
    gold = (("12 euros",),)
    assert says_same("The fee is 12 euros.", "You pay 12 euros, as everybody knows.", gold)
    assert not says_same("The fee is 12 euros.", "You pay 15 euros.", gold)


def test_yes_is_not_no():
    question = "Are dogs allowed?"
    assert not says_same("Yes.", "No.", (), question)
    assert says_same("Dogs are allowed.", "Yes, dogs are allowed.", (), question)
