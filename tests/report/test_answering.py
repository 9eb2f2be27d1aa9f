"""Where right facts come from, in the terminal and on the page."""

import io
import re

import pytest
from rich.console import Console
from tests.diagnose._planted import CASES, KINDS

import traceeval
from traceeval.model import PositionCurve, PositionRow, Rate
from traceeval.report import render_text
from traceeval.report._answering import cells, compensated, told
from traceeval.report.position_plot import position_plot

NOTHING = Rate(value=None, low=None, high=None, n=0)
HALF = Rate(value=0.5, low=0.25, high=0.75, n=8)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    knows = {case.question: case.answer for case in CASES}
    traces = [case.planted() for kind in ("irrelevant_context", "user", "carried") for case in KINDS[kind]]
    folder = tmp_path_factory.mktemp("answering") / "out"
    return traceeval.evaluate(traces, replayer=lambda question, passages: knows[question], out=folder)


@pytest.fixture(scope="module")
def printed(run):
    out = io.StringIO()
    render_text(run.summary(), Console(file=out, width=160, color_system=None))
    return out.getvalue()


@pytest.fixture(scope="module")
def page(run):
    return re.sub(r"\s+", " ", run.report.read_text(encoding="utf-8"))


def test_who_compensated_stands_with_its_interval(run, printed):
    (row,) = [row for row in run.summary().masked if row.component == "retriever"]
    assert row.compensators == {"parametric": 5, "user": 5}
    assert compensated(row) == "parametric 5 (24–76 %), user 5 (24–76 %)"
    assert compensated(row) in printed


def test_every_state_of_a_component_has_a_column_and_nothing_is_a_dash(run, printed, page):
    (row,) = [row for row in run.summary().masked if row.component == "retriever"]
    assert cells(row, "failed") == "10 / 0 / 0"
    assert cells(row, "score_failed") == "—"
    for name in ("score failed", "undefined", "not applicable"):
        assert name in printed
        assert f'class="r">{name}</th>' in page


def test_fallback_is_told_with_what_was_confirmed(printed, page):
    assert re.search(r"irrelevant context +10 +9 .* 10  boiling", printed)
    assert re.search(r"no context +1 +1 .* 0  invoice", printed)
    assert "contradicting context" not in printed
    assert '<th scope="row">irrelevant context</th><td class="r strong">10</td>' in page


def test_asking_again_is_told_in_both(printed, page):
    line = "of 15 answers, 100 % (80–100 %) stay the same without any context"
    for said in (" ".join(printed.split()), page):
        assert line in said
    assert "asked again without any context: <strong>unchanged</strong>" in page


def test_a_rate_without_anything_to_go_by_is_a_dash():
    assert (told(NOTHING), told(HALF)) == ("—", "50 % (25–75 %)")


def test_the_curve_has_a_dot_for_every_third_that_has_facts():
    rows = [PositionRow(third="first", used=HALF, traces=4), PositionRow(third="middle", used=NOTHING, traces=0)]
    drawn = position_plot(PositionCurve(rows=(*rows, PositionRow(third="last", used=HALF, traces=1))))
    assert drawn.count("<circle") == drawn.count('class="whisker"') == 2
    assert "8 facts, 1 trace<" in drawn
    assert 'aria-label="Facts used: first third 50 % of 8, middle third — of 0, last third 50 % of 8"' in drawn
