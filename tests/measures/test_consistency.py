"""Agreement between wordings and within one, with known answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.consistency import agreement, between, effect_of, with_others, within, wording_chances


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


def test_a_wording_that_departs_is_as_unlikely_as_dealing_its_trials_together():
    """Four of twenty trials fail, all of one wording of five: 5 / C(20, 4) = .001032 of all ways to deal them."""
    found = wording_chances([list("bbbb"), *[list("aaaa")] * 4])
    assert found[0] == pytest.approx(5 / 4845, abs=0.001)
    assert min(found[1:]) > 0.5


def test_the_least_chance_is_that_of_the_ways_that_were_drawn():
    assert wording_chances([list("b" * 8), *[list("a" * 8)] * 3], ways=99)[0] == 0.01


def test_where_all_trials_are_the_same_or_none_is_repeated_wording_is_no_reason():
    assert wording_chances([["a"] * 3, ["a"] * 3]) == [1.0, 1.0]
    assert wording_chances([["a"], ["b"], ["c"]]) == [1.0, 1.0, 1.0]


def test_agreement_of_each_wording_with_the_others_adds_up_to_that_between_wordings():
    told = [list("aab"), list("aa"), list("bbb")]
    assert with_others(told) == pytest.approx([(2 * 2 + 1 * 3) / (3 * 5), (2 * 2) / (2 * 6), (3 * 1) / (3 * 5)])
    pairs = sum(share * len(one) * (8 - len(one)) for share, one in zip(with_others(told), told, strict=True))
    assert pairs / sum(len(one) * (8 - len(one)) for one in told) == pytest.approx(between(dict(enumerate(told))))


def test_the_effect_is_half_the_squared_distance_of_what_two_wordings_come_to():
    """Large samples: .9 and .4 of passes are (.5^2 + .5^2) / 2 apart."""
    told = [["p"] * 900 + ["f"] * 100, ["p"] * 400 + ["f"] * 600]
    assert effect_of(told) == pytest.approx(0.25, abs=0.002)
    assert effect_of([["p"], ["f"]]) is None
