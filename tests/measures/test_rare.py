"""Alpha's interval where one answer is rare: by hand, by enumeration, and where there is none."""

import numpy as np
import pytest
from scipy.stats import binom

from traceeval.measures.agreement import agreement
from traceeval.measures.kappa import weighted_kappa
from traceeval.measures.rare import mid_p, total
from traceeval.measures.ratings import ratings

LEVELS = ("nominal", "ordinal", "interval", "ratio")


def flags(both, one, neither):
    return [(1, 1)] * both + [(0, 1)] * one + [(0, 0)] * neither


def of(units, **more):
    return agreement(ratings(units, categories=(0, 1), **more)).alpha


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 3, 0, 1 - 0.05 ** (1 / 3)), (3, 3, 0.05 ** (1 / 3), 1), (1, 2, 0.025, 0.975), (0, 1, 0, 0.95)],
)
def test_mid_p_by_hand(hits, n, low, high):
    assert mid_p(hits, n) == pytest.approx([low, high], abs=1e-12)


def test_the_ends_of_mid_p_are_where_the_test_rejects():
    low, high = mid_p(9, 12)
    assert binom.sf(9, 12, low) + binom.pmf(9, 12, low) / 2 == pytest.approx(0.025)
    assert binom.cdf(8, 12, high) + binom.pmf(9, 12, high) / 2 == pytest.approx(0.025)


def test_a_rare_flags_interval_is_that_of_how_often_it_is_shared():
    # raised on 9 of 60 items by 15 of 120 ratings, 6 times by both: alpha = 1 - (1 - d) / (1 + d) * 119 / 105
    found = of(flags(6, 3, 51))
    assert found.value == pytest.approx(1 - (3 / 15) * 119 / 105)
    ends = [1 - (1 - shared) / (1 + shared) * 119 / 105 for shared in mid_p(6, 9)]
    assert [found.low, found.high] == pytest.approx(ends)


def test_a_flag_nearly_everywhere_is_as_rare_as_one_nearly_nowhere():
    turned = [(1 - a, 1 - b) for a, b in flags(6, 3, 51)]
    assert of(turned) == of(flags(6, 3, 51))


def test_two_answers_have_one_distance_at_any_level():
    found = [agreement(ratings(flags(6, 3, 51), categories=(0, 1)), level=level).alpha for level in LEVELS]
    assert all((one.low, one.high) == pytest.approx((found[0].low, found[0].high)) for one in found)


def test_a_mark_that_nobody_gave_moves_the_upper_end_only():
    units = [(5 - a, 5 - b) for a, b in flags(6, 3, 51)]
    nominal, interval = (
        agreement(ratings(units, categories=(1, 2, 3, 4, 5)), level=level).alpha for level in ("nominal", "interval")
    )
    assert nominal == of(flags(6, 3, 51))
    assert interval.low == pytest.approx(nominal.low, abs=0.03)
    assert interval.high > nominal.high + 0.03


def test_under_five_items_that_hold_a_flag_there_is_no_interval_but_what_it_takes():
    for units in (flags(2, 0, 38), flags(1, 1, 38), flags(0, 2, 38)):
        told = agreement(ratings(units, categories=(0, 1)))
        assert (told.alpha.low, told.label) == (None, "insufficient")
        assert told.alpha.value is not None
        assert told.alpha.why == "2 of 40 scenarios hold a rarer answer: no interval under 5, so about 100 are needed"
        assert told.raw.low is not None
    assert of(flags(4, 1, 38)).low is not None


def test_answers_of_any_kind_need_five_that_are_not_the_commonest():
    units = [("a", "a")] * 40 + [("b", "c"), ("b", "b"), ("c", "c"), ("d", "d")]
    assert agreement(ratings(units)).alpha.why.startswith("4 of 44 scenarios hold a rarer answer")
    assert agreement(ratings([*units, ("a", "d")])).alpha.low is not None


def test_copies_of_a_scenario_teach_nothing():
    units = flags(6, 3, 51)
    copied = of(units * 3, clusters=[*range(60)] * 3)
    assert copied.high - copied.low == pytest.approx(of(units).high - of(units).low, rel=0.02)
    assert of(flags(12, 0, 60), clusters=[0] * 12 + [*range(1, 61)]).low is None  # twelve items of one scenario


def test_what_stands_for_many_counts_as_less_than_one_each():
    units = flags(6, 3, 51)
    even, uneven = of(units), of(units, weights=[20, *[1] * 59])
    assert uneven.high - uneven.low > even.high - even.low


def test_where_neither_answer_is_rare_nothing_changes():
    common = flags(10, 8, 30)
    assert of(common) != of(flags(8, 7, 33))
    told = agreement(ratings(common, categories=(0, 1)))
    assert told.alpha.why == ""
    assert [told.alpha.low, told.alpha.high] != pytest.approx(
        [1 - (1 - shared) / (1 + shared) * 95 / 68 for shared in mid_p(10, 18)]
    )


def test_what_few_amount_to_is_the_mid_p_interval_of_their_number_where_all_amount_to_as_much():
    assert total(np.array([1.0] * 3 + [0.0] * 37), 1.0) == pytest.approx(40 * mid_p(3, 40))


def test_where_none_amounts_to_anything_all_but_a_fortieth_would_have_shown_one():
    # Clopper & Pearson: with more than this the chance that none of 30 shows is under .025
    assert total(np.zeros(30), 0.5) == pytest.approx([0, 30 * 0.5 * (1 - 0.025 ** (1 / 30))])


def test_small_amounts_say_little_of_large_ones():
    small = total(np.array([0.1] * 10 + [0.0] * 90), 1.0)
    assert small[1] > 3.0  # one as wide as the scale in thirty may still be there
    assert total(np.array([0.1] * 10 + [0.0] * 90), 0.1)[1] < 2.0


def test_kappa_of_few_perfect_verdicts_is_no_certainty():
    found = weighted_kappa([(mark, mark) for mark in (1, 2, 3, 4, 5)] * 6, (1, 2, 3, 4, 5))
    assert (found.value, found.high) == (1.0, 1.0)
    # 30 perfect pairs: under 1 - .025 ** (1 / 30) differ, at worst by 16 where chance would give 4 (twice the variance)
    assert found.low == pytest.approx(1 - (1 - 0.025 ** (1 / 30)) * 16 / 4)


def test_kappa_of_a_rare_flag_is_how_often_it_is_shared():
    # both 6 times, one of them 3 times, neither 51 times: kappa is 1 - (1 - s) / (1 + s) * 120 / 105 at s = 6 / 9, about
    found = weighted_kappa(flags(6, 3, 51), (0, 1))
    unlike = (1 - found.value) / ((1 - 6 / 9) / (1 + 6 / 9))
    assert [found.low, found.high] == pytest.approx([1 - (1 - s) / (1 + s) * unlike for s in mid_p(6, 9)])


def test_kappa_says_how_many_scenarios_it_takes():
    found = weighted_kappa(flags(2, 0, 38), (0, 1))
    assert (found.value, found.low) == (1.0, None)
    assert found.why == "2 of 40 scenarios hold a rarer answer: no interval under 5, so about 100 are needed"


def test_the_lower_end_is_never_over_the_value_nor_beyond_what_can_be():
    for both, one in ((0, 6), (1, 5), (5, 1), (6, 0)):
        told = agreement(ratings(flags(both, one, 30), categories=(0, 1)))
        for found in (told.alpha, told.ac, told.raw):
            assert found.low <= found.value <= found.high <= 1
        assert told.raw.low >= 0
