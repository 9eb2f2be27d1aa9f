"""Figures with their intervals: one that is not known has a line and no dot, and labels take the room they need."""

import re

from traceeval.report.forest_plot import Mark, forest


def drawn(*marks):
    return forest("Title", marks, 0.5, (0.0, 1.0), "share")


def test_a_figure_has_a_dot_a_flagged_one_a_diamond_and_an_unknown_one_neither():
    plot = drawn(Mark("a", 0.4, 0.3, 0.5), Mark("b", 0.6, 0.5, 0.7, True), Mark("c", None, 0.0, 1.0, True))
    assert plot.count("<circle") == 1
    assert plot.count("<path") == 1
    assert plot.count('class="whisker"') == 3
    assert "not known, 0.00 to 1.00" in plot
    assert "0.40 (0.30 to 0.50)" in plot


def test_what_is_undecided_is_a_ring():
    plot = drawn(Mark("a", 0.4, 0.3, 0.5, undecided=True), Mark("b", 0.4, 0.3, 0.5))
    assert (plot.count('class="ring"'), plot.count('class="dot"')) == (1, 1)


def test_short_labels_leave_the_room_to_the_plot():
    widths = [int(re.search(r'width="(\d+)"', drawn(Mark(label, 0.4, 0.3, 0.5)))[1]) for label in ("age", "a" * 200)]
    assert widths[0] < widths[1] == 330 + 320 + 180


def test_ticks_that_would_lie_on_each_other_are_told_once():
    assert forest("Title", [Mark("a", 0.4, 0.3, 0.5)], 0.01, (0.0, 1.0), "share").count('text-anchor="middle"') == 3
    assert drawn(Mark("a", 0.4, 0.3, 0.5)).count('text-anchor="middle"') == 4


def test_the_dashed_line_never_lies_outside_the_axis():
    plot = forest("Title", [Mark("a", 0.04, 0.03, 0.05)], 0.5, (0.0, 0.1), "share")
    at = {kind: float(x) for kind, x in re.findall(r'class="(zero|grid)" x1="([\d.]+)"', plot)}
    assert at["zero"] == at["grid"] + 320


def test_a_label_acts_nowhere():
    assert "<script" not in drawn(Mark("<script>", 0.4, 0.3, 0.5))
