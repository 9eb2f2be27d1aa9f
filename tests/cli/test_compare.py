"""``traceeval compare``: the tables, the page, the gate and its exit codes."""

import json

import pytest
from click.testing import CliRunner

import traceeval
from traceeval.cli.compare import command
from traceeval.model import Reference
from traceeval.testing import model, retrieval, trace, user

ATTACK = '"><script>alert(1)</script>\x1b[31m\u202e{{7*7}}'


def answered(n, found):
    return trace(
        user(f"what of {n} {ATTACK}"),
        retrieval((found, f"fact {n}"), query=ATTACK),
        model(f"fact {n}", prompt=[("system", f"fact {n}")]),
        id=f"t{n}{ATTACK}",
        question=f"what of {n} {ATTACK}",
        answer=f"fact {n}",
        reference=Reference(documents={f"d1{ATTACK}": 1}),
        metadata={"tenant": ATTACK},
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("cli")
    traceeval.evaluate([answered(n, f"d1{ATTACK}") for n in range(24)], out=place / "old")
    traceeval.evaluate([answered(n, f"d{n // 12 * 8 + 1}{ATTACK}") for n in range(24)], out=place / "new")
    return place


def call(folders, *options):
    return CliRunner().invoke(command, [str(folders / "old"), str(folders / "new"), *options])


def test_what_got_worse_stands_first(folders):
    result = call(folders)
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "new is worse on retriever.recall"
    assert "24 cases on both sides (24 by what people said)" in result.output


def test_the_gate_reads_the_worse_end(folders):
    assert call(folders, "--no-worse", "retriever.recall=0.9").exit_code == 0
    result = call(folders, "--no-worse", "retriever.recall=0.5")
    assert result.exit_code == 1
    assert "gate failed: retriever.recall may be worse by 0.7083, margin 0.5" in result.stderr


def test_a_gate_on_what_nobody_scored_fails(folders):
    result = call(folders, "--no-worse", "tool.exact=0.1")
    assert result.exit_code == 1
    assert "gate failed: tool.exact cannot be told: " in result.stderr


@pytest.mark.parametrize("text", ["right", "right=", "=0.1", "right=-1", "right=nan", "right=x"])
def test_a_margin_of_another_form_is_a_usage_error(folders, text):
    result = call(folders, "--no-worse", text)
    assert result.exit_code == 2
    assert "write NAME=NUMBER" in result.stderr


def test_for_machines_it_is_json(folders):
    told = json.loads(call(folders, "--json").stdout)
    assert told["schema_version"] == "traceeval.comparison/1"
    assert told["changes"][0]["metric"] == "right"


def test_no_text_of_a_trace_reaches_terminal_or_page_raw(folders, tmp_path):
    result = call(folders, "--out", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert "<script" not in page
    assert "\u202e" not in page
    assert "{{7*7}}" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
