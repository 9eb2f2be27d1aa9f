import pytest

from traceeval.measures.robust import Middle


def test_the_spread_of_a_normal_sample_is_its_standard_deviation_and_an_outlier_moves_it_little():
    # median 3, deviations 0 1 1 2 97 -> median 1; Iglewicz & Hoaglin (1993): .6745 * 97 / 1 = 65.4
    middle = Middle.of([1, 2, 3, 4, 100])
    assert (middle.n, middle.median) == (5, 3)
    assert middle.spread == pytest.approx(1.4826)
    assert middle.z(100) == pytest.approx(65.4, abs=0.1)
    assert middle.z(1) == pytest.approx(-1.349, abs=0.001)


def test_where_most_are_equal_a_little_more_is_no_outlier_and_a_lot_more_is():
    middle = Middle.of([10] * 9 + [11])
    assert middle.z(11) == pytest.approx(1)
    assert middle.z(20) == pytest.approx(10)


def test_what_nobody_else_spent_anything_of_is_infinitely_far():
    middle = Middle.of([0, 0, 0, 0, 0, 2])
    assert middle.z(2) == float("inf")
    assert middle.z(0) == 0
