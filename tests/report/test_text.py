"""The scorecard in the terminal: fits, and sends nothing a trace wrote to the terminal raw."""

import io

import pytest
from rich.console import Console
from tests.diagnose.unlabelled._all import LATER, written

import traceeval
from traceeval.model import Reference
from traceeval.report import render_text
from traceeval.testing import model, trace


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


def test_a_clean_run_says_so_and_one_without_a_trace_does_not():
    assert "No defects found" in printed(traceeval.evaluate([trace(model("Hello."))]).summary())
    told = printed(traceeval.evaluate([]).summary())
    assert "Nothing was evaluated" in told
    assert "No defects found" not in told


def test_the_guilty_component_comes_first(attacked):
    told = printed(attacked.summary())
    worst = max(attacked.summary().components, key=lambda row: row.blame).component.value
    assert f"The {worst} is to blame for" in told


def written_traces(**fields):
    import msgspec

    return [msgspec.structs.replace(made, **fields) for made, _ in written(LATER)]


def test_suspects_stand_apart_and_are_called_inferred():
    told = printed(traceeval.evaluate(written_traces()).summary(), 120)
    head, found, rest = told.partition("Suspected: inferred from the record alone, no gold used, at most two a trace")
    assert found
    assert "Components" in head
    assert "no gold here to say how far suspects are right" in rest
    assert "suspects in 18 of 30 traces" in rest


def test_with_gold_the_agreement_is_printed_with_its_n():
    gold = Reference(documents={"zebra": 1}, answer=("a word nobody says",))
    told = printed(traceeval.evaluate(written_traces(reference=gold)).summary(), 200)
    assert "beside gold: of 30 traces whose culprit gold knows, it is among the two in" in told


def test_without_suspects_there_is_no_section():
    assert "Suspected" not in printed(traceeval.evaluate([]).summary())
