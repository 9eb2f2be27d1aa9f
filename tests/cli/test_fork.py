"""``traceeval fork``: which step decided a failing trial."""

import pytest
from click.testing import CliRunner
from tests.replay._run import shop

from traceeval.cli import main

WRONG = """
def agent(session):
    session.call_tool("get_order", {"order_id": "BL-1"})
    session.say("Shall I cancel order BL-1?")
    session.call_tool("cancel_order", {"order_id": "BL-2"})
    session.say("Order BL-1 is cancelled.")
"""
TRIAL = "shop/cancel[seed=1]"


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "wrong_agent.py").write_text(WRONG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    suite = shop(tmp_path).folder
    return lambda *words, agent="wrong_agent:agent", trial=TRIAL: CliRunner().invoke(
        main, ["fork", str(suite), "--agent", agent, "--trial", trial, *words]
    )


def test_the_step_that_decided_it_is_named(run):
    found = run()
    assert found.exit_code == 0, found.output
    verdicts = dict(line.split()[:2] for line in found.output.splitlines())
    assert verdicts == {"s3": "nothing_to_mend", "s4": "refuted:", "s7": "confirmed:", "s8": "nothing_to_mend"}
    assert found.output.splitlines()[0] == "s3 nothing_to_mend (calls get_order {'order_id': 'BL-1'})"
    assert "(calls cancel_order {'order_id': 'BL-1'}, where it calls cancel_order {'order_id': 'BL-2'})" in found.output


def test_a_step_may_be_replaced_by_hand(run):
    found = run("--at", "s8", "--say", "It is done.")
    assert found.output.startswith("s8 refuted: 0 of 1 pass")
    assert "(says 'It is done.', where it says 'Order BL-1 is cancelled.')" in found.output


@pytest.mark.parametrize(
    ("words", "how", "says"),
    [
        (("--say", "Hello."), {}, "need --at"),
        (("--at", "s99"), {}, "no such step"),
        ((), {"trial": "shop/none[seed=1]"}, "outcomes.jsonl names them"),
        ((), {"agent": "reference"}, "name a trial that fails"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(run, words, how, says):
    found = run(*words, **how)
    assert found.exit_code == 2
    assert says in found.output
