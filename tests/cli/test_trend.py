"""``traceeval runs`` and ``traceeval trend``: tables, JSON, a page, a drawing, exit codes."""

import json
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from tests.run.test_runs import place, replayed  # noqa: F401

from traceeval.cli import runs, trend
from traceeval.model import RunFigure, TrendPoint, TrendReport
from traceeval.report import trend_plot


def call(command, *arguments):
    return CliRunner().invoke(command.command, [str(one) for one in arguments], env={"COLUMNS": "200"})


def test_runs_are_listed_as_a_table_and_as_json(place):  # noqa: F811
    lines = call(runs, place).output.splitlines()
    assert "right 0.800 [0.490, 0.943]" in lines[1]
    assert [row["version"] for row in json.loads(call(runs, place, "--json").output)["runs"]] == ["1", "2"]


def test_a_run_that_cannot_be_read_is_exit_code_3_and_the_others_are_listed(place, tmp_path):  # noqa: F811
    (tmp_path / "scores.parquet").write_bytes(b"")
    (tmp_path / "summary.json").write_text("{")
    result = call(runs, place, tmp_path)
    assert result.exit_code == 3
    assert "unreadable" in result.output
    assert "right 0.800" in result.output


def test_a_trend_is_told_with_its_versions_and_what_its_intervals_do_not_say(place, tmp_path):  # noqa: F811
    page, drawing = tmp_path / "trend.html", tmp_path / "trend.svg"
    replayed(tmp_path / "r", "pass", "pass")
    result = call(trend, "right", place, tmp_path, "--out", page, "--plot", drawing)
    assert result.exit_code == 0
    assert "right over 2 runs of desk, 2 versions" in result.output
    assert "left out" in result.output
    assert "say nothing of a difference" in result.output
    assert drawing.read_text() in page.read_text()
    assert page.read_text().count(" (new)</td>") == 1
    assert json.loads(call(trend, "right", place, "--json").output)["points"][1]["new"] is True


def test_an_unknown_measure_is_exit_code_2(place):  # noqa: F811
    result = call(trend, "rigth", place)
    assert (result.exit_code, "no run has that measure" in result.output) == (2, True)


def drawn(*points):
    return trend_plot(
        TrendReport(schema_version="traceeval.trend/1", metric="m<", better="higher", subject="", points=points)
    )


def point(at, value, **figure):
    return TrendPoint(
        run=f"r{at}",
        created="2026-01-01T00:00:00+00:00",
        version=f'<b>"{at}',
        figure=RunFigure(value=value, n=9, **figure),
        new=at > 0,
    )


def test_a_drawing_is_well_formed_whatever_versions_are_called():
    root = ElementTree.fromstring(
        drawn(point(0, 0.5, low=0.4, high=0.6), point(1, 0.7, low=0.6, high=0.8, lower=0.5, upper=0.9))
    )
    names = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text") if one.get("class") == "name"]
    assert names == ['<b>"0', '<b>"1']


@pytest.mark.parametrize("value", [0.0, 1.0, 1200.0, -3.0])
def test_one_run_without_any_width_is_drawn(value):
    ElementTree.fromstring(drawn(point(0, value)))
