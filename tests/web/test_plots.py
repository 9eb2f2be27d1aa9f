"""What is drawn lies where the number beside it says, in the marks of the reader's language."""

import re

from traceeval.web.plots import LEFT, RIGHT, WIDTH, Bar, intervals
from traceeval.web.words import words

EN, DE = words("en"), words("de")


def drawn(svg):
    """Where the dots are, 0..1 of the axis, and what its ticks say."""
    dots = [(float(x) - LEFT) / (WIDTH - LEFT - RIGHT) for x in re.findall(r'cx="([\d.-]+)"', svg)]
    return dots, re.findall(r'class="tick"[^>]*>([^<]+)<', svg)


def test_the_axis_begins_at_nought_where_nothing_lies_left_of_it():
    assert drawn(intervals([Bar("a", 0.5, 0.25, 0.75)], EN, title="plot.alpha")) == ([0.5], ["0", "1"])


def test_the_axis_reaches_a_value_below_nought():
    dots, ticks = drawn(intervals([Bar("a", -0.09, None, None), Bar("b", 1.0, None, None)], EN, title="plot.alpha"))
    assert (ticks, dots[1]) == (["-0.1", "0", "1"], 1.0)
    assert 0 < dots[0] < 0.1 / 1.1  # right of its end, left of nought


def test_the_axis_reaches_the_end_of_an_interval():
    _, ticks = drawn(intervals([Bar("a", 0.1, -0.42, 0.6)], EN, title="plot.alpha"))
    assert ticks == ["-0.5", "0", "1"]


def test_numbers_are_the_readers():
    svg = intervals([Bar("a", 0.667, None, None)], DE, title="plot.alpha", marks=(0.667,))
    assert (svg.count("0,67"), drawn(svg)[1]) == (2, ["0", "0,667", "1"])  # beside the dot and in words


def test_a_name_that_does_not_fit_ends_in_an_ellipsis_and_its_title_is_whole():
    svg = intervals([Bar("resistance to manipulation", 1.0, None, None)], EN, title="plot.alpha")
    assert "resistance to manip…<title>resistance to manipulation</title>" in svg
