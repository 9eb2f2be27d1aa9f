"""Agreement between wordings and within one, with known answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.consistency import agreement, between, within


def test_classes_of_three_one_and_one_give_three_tenths():
    assert agreement("aaabc") == pytest.approx(0.3)
    assert between({n: [outcome] for n, outcome in enumerate("aaabc")}) == pytest.approx(0.3)


def test_one_outcome_and_one_wording_say_nothing():
    assert agreement("a") is None
    assert within({"w": ["a"], "v": ["b"]}) is None
    assert between({"w": ["a", "a"]}) is None


def test_an_agent_that_only_wavers_has_no_effect_of_wording():
    """Every wording comes out a or b alike: between wordings .5 of pairs agree, within one a third, of 2 + 2 trials."""
    told = {wording: ["a", "a", "b", "b"] for wording in range(3)}
    assert between(told) == pytest.approx(0.5)
    assert within(told) == pytest.approx(1 / 3)


def test_an_agent_keyed_to_its_words_agrees_within_and_not_between():
    told = {"plain": ["a"] * 4, "polite": ["b"] * 4}
    assert (within(told), between(told)) == (1.0, 0.0)


@given(st.dictionaries(st.integers(), st.lists(st.sampled_from("ab"), min_size=1, max_size=4), min_size=2, max_size=4))
def test_between_is_the_share_of_pairs_that_agree(told):
    groups = list(told.values())
    pairs = [
        (x, y) for i, one in enumerate(groups) for j, other in enumerate(groups) if i != j for x in one for y in other
    ]
    assert between(told) == pytest.approx(sum(x == y for x, y in pairs) / len(pairs))
