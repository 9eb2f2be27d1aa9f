"""``traceeval confidence``: from answers on disk to what their words are worth."""

import json

import pytest
from click.testing import CliRunner

import traceeval
from traceeval.cli.confidence import command
from traceeval.model import Reference
from traceeval.testing import model, trace, user


def answered(n, words, right):
    text = f"{words} The fee is {7 if right else 9} euros."
    return trace(
        user(f"what is fee {n}?"), model(text), id=f"t{n}", question=f"what is fee {n}?", answer=text,
        reference=Reference(answer=("7 euros",)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("confidence") / "out"
    sure = [answered(n, "I am 90 % sure.", n % 2 == 0) for n in range(60)]
    hedged = [answered(100 + n, "It is probably so.", n < 7) for n in range(10)]
    silent = [answered(200 + n, "Hello.", True) for n in range(5)]
    traceeval.evaluate([*sure, *hedged, *silent], out=place)
    return place


def test_numbers_and_hedges_are_told_apart(folder):
    told = json.loads(CliRunner().invoke(command, [str(folder), "--json"]).output)
    assert (told["answers"], told["stated"]) == (75, 70)
    by = {one["by"]: one for one in told["figures"]}
    assert by["number"]["overconfidence"] == pytest.approx(0.4)
    assert by["number"]["ece"] == pytest.approx(0.4)
    assert by["hedge"]["overconfidence"] == pytest.approx(0.0)
    assert by["hedge"].get("ece") is None


def test_who_was_sure_and_wrong_is_listed_surest_first(folder):
    lines = CliRunner().invoke(command, [str(folder)]).output.splitlines()
    wrong = [line for line in lines if line.startswith("sure and wrong")]
    assert len(wrong) == 20
    assert wrong[0] == "sure and wrong: 90 % (number): what is fee 1?"


def test_the_plot_has_a_panel_a_way(folder, tmp_path):
    CliRunner().invoke(command, [str(folder), "--plot", str(tmp_path / "p.svg")])
    drawn = (tmp_path / "p.svg").read_text()
    assert drawn.count("Stated by") == 2
    assert "60 answers" in drawn


def test_nothing_stated_is_said(tmp_path):
    traceeval.evaluate([answered(1, "Hello.", True)], out=tmp_path / "out")
    assert "not_applicable: no confidence is stated" in CliRunner().invoke(command, [str(tmp_path / "out")]).output
