"""A series of runs: what belongs to it, and what is left out with its reason."""

import pytest

from traceeval.compare.trend import find_trend
from traceeval.errors import ConfigError
from traceeval.model import RunFigure, RunRow


def run(name, day, value=0.8, **told):
    figures = {} if value is None else {"right": RunFigure(value=value, n=50, low=value - 0.1, high=value + 0.1)}
    fields = {
        "kind": "evaluate",
        "status": "complete",
        "version": "1",
        "subject": "desk",
        "settings": {"checker": "lexical@2"},
    }
    return RunRow(
        run=name, created=f"2026-01-{day:02}T00:00:00+00:00", figures=figures, main=tuple(figures), **{**fields, **told}
    )


def told(*runs):
    found = find_trend("right", runs)
    return [point.run for point in found.points], {one.run: one.why for one in found.left_out}


def test_points_stand_in_the_order_in_which_the_runs_were_made():
    assert told(run("c", 3), run("a", 1), run("b", 2)) == (["a", "b", "c"], {})


def test_the_first_run_of_another_version_is_marked():
    made = [run("a", 1), run("b", 2), run("c", 3, version="2"), run("d", 4, version="2"), run("e", 5)]
    assert [point.new for point in find_trend("right", made).points] == [False, False, True, False, True]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"subject": "bank"}, "of bank, the newest of desk"),
        ({"kind": "replay"}, "written by `traceeval replay`, the newest by `traceeval evaluate`"),
        ({"settings": {"checker": "nli"}}, "other settings: checker nli, now lexical@2"),
        ({"settings": {}}, "other settings: checker none, now lexical@2"),
        ({"value": None}, "right was scored in none of its traces"),
        ({"status": "unfinished", "why": "it was stopped"}, "unfinished: it was stopped"),
        ({"status": "unreadable", "why": "cut"}, "unreadable: cut"),
    ],
)
def test_a_run_that_cannot_be_compared_with_the_newest_is_named_with_the_reason(other, why):
    assert told(run("a", 1), run("odd", 2, **other), run("b", 3)) == (["a", "b"], {"odd": why})


def test_the_newest_run_that_has_the_measure_says_what_the_series_is_of():
    """One that did not finish, or lacks the measure, decides nothing."""
    kept, left = told(
        run("a", 1), run("b", 2), run("c", 3, value=None, subject="bank"), run("d", 4, status="unfinished")
    )
    assert kept == ["a", "b"]
    assert set(left) == {"c", "d"}


def test_a_measure_nobody_has_is_an_error_that_names_those_there_are():
    with pytest.raises(ConfigError, match=r"rigth: no run has that measure; the runs have right"):
        find_trend("rigth", [run("a", 1)])
    with pytest.raises(ConfigError, match="no complete run was found"):
        find_trend("right", [run("a", 1, status="unfinished", value=None)])
