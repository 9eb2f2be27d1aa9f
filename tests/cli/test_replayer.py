"""``--replayer MODULE:FUNCTION``."""

import sys

import msgspec
import pytest
from click.testing import CliRunner
from tests.diagnose._planted import KINDS

from traceeval.cli import main
from traceeval.cli._replayer import load_replayer
from traceeval.errors import ConfigError

APP = """
CALLED = []
NOT_A_FUNCTION = 3

def answer(question, passages):
    CALLED.append(question)
    return "Rembrandt painted The Night Watch."
"""


@pytest.fixture(autouse=True)
def app(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "replayed_app", raising=False)
    (tmp_path / "replayed_app.py").write_text(APP)
    (case,) = [case for case in KINDS["irrelevant_context"] if case.id == "painter"]
    (tmp_path / "traces.jsonl").write_bytes(msgspec.json.encode(case.planted()) + b"\n")
    return tmp_path


def evaluate(*arguments):
    return CliRunner().invoke(main, ["evaluate", "traces.jsonl", *arguments], catch_exceptions=False)


def test_the_function_named_is_asked_and_what_it_confirms_is_printed():
    result = evaluate("--replayer", "replayed_app:answer")
    assert result.exit_code == 0
    assert "asked again 1 time" in result.output
    assert "of 1 answer, 100 %" in result.output
    assert sys.modules["replayed_app"].CALLED == ["Who painted The Night Watch?"]


def test_a_budget_of_none_asks_nothing():
    result = evaluate("--replayer", "replayed_app:answer", "--max-replays", "0")
    assert "asked again 0 times; 1 not made: budget spent" in result.output
    assert sys.modules["replayed_app"].CALLED == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("replayed_app", "write MODULE:FUNCTION"),
        (":answer", "write MODULE:FUNCTION"),
        ("no_such_app:answer", "run from where 'no_such_app' can be imported"),
        ("replayed_app:ask", "replayed_app has no function 'ask'"),
        ("replayed_app:NOT_A_FUNCTION", "has no function"),
    ],
)
def test_what_cannot_be_loaded_is_told_with_the_way_out(text, told):
    with pytest.raises(ConfigError, match=told):
        load_replayer(text)
    assert evaluate("--replayer", text).exit_code == 2
