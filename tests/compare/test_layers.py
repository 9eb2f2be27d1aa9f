"""Automated scores, judge and people on one frame."""

import pytest

from traceeval.compare.layers import compare_layers
from traceeval.model import LayerUnit


def unit(at, automated=None, judge=None, people=None, **changes):
    return LayerUnit(subject=f"s{at}", cluster=f"f{at}", automated=automated, judge=judge, people=people, **changes)


def table(report):
    return {row.layer: (row.decided, row.flagged, row.found, row.missed, row.false_alarms) for row in report.rows}


def test_each_layer_says_what_it_decided_found_and_missed():
    report = compare_layers(
        [
            unit(1, True, False, True),  # found by automated scores alone
            unit(2, False, True, True),  # by the judge alone
            unit(3, False, None, True),  # by people alone
            unit(4, True, False, False),  # a false alarm
            unit(5, True, None),  # nobody looked
        ]
    )
    assert table(report) == {"automated": (5, 3, 1, 2, 1), "judge": (3, 1, 1, 2, 0), "people": (4, 3, 3, 0, 0)}
    assert {one.layers: one.n for one in report.found_by} == {("automated",): 1, ("judge",): 1, (): 1}
    assert (report.frame, report.settled, report.failures) == (5, 4, 3)


def test_recall_is_of_the_frame_and_not_of_what_was_drawn_for_its_risk():
    units = [unit(at, True, people=True) for at in range(10)] + [unit(10, False, people=True, pi=0.1)]
    report = compare_layers(units)
    assert report.rows[0].recall.value == pytest.approx(10 / 20)
    assert report.rows[2].recall.value == pytest.approx(11 / 20)
    assert report.rows[2].missed == 9


def test_costs_are_added_where_they_were_recorded():
    units = [
        unit(1, judge=True, judge_usd=0.02, judge_seconds=2, people_seconds=90),
        unit(2, judge=True, judge_usd=0.01),
    ]
    automated, judge, people = compare_layers(units).rows
    assert (judge.usd, judge.seconds, people.seconds) == (pytest.approx(0.03), 2, 90)
    assert automated.usd is automated.seconds is None


def test_without_people_nothing_is_right_or_wrong():
    report = compare_layers([unit(1, True, False)])
    assert report.rows[0].recall.value is None
    assert report.rows[0].recall.why == "people settled no failure"
