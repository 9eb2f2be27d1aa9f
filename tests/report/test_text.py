"""The scorecard in the terminal: fits, and sends nothing a trace wrote to the terminal raw."""

import io

import pytest
from rich.console import Console

import traceeval
from traceeval.report import render_text


def printed(summary, width=80):
    out = io.StringIO()
    render_text(summary, Console(file=out, width=width, color_system=None))
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(attacked, width):
    assert max(map(len, printed(attacked.summary(), width).splitlines())) <= width


def test_escape_sequences_and_markup_stay_text(attacked):
    told = printed(attacked.summary(), 200)
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_a_clean_run_says_so():
    assert "No defects found" in printed(traceeval.evaluate([]).summary())


def test_the_guilty_component_comes_first(attacked):
    told = printed(attacked.summary())
    worst = max(attacked.summary().components, key=lambda row: row.blame).component.value
    assert f"The {worst} is to blame for" in told
