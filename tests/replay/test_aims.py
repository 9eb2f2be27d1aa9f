"""A fault or a payload aimed at what is not there is refused before anything runs: every agent would survive it."""

import json

import pytest
from tests.replay._run import shop

from traceeval.errors import ConfigError
from traceeval.replay.agents import open_agent
from traceeval.replay.trial import Stage

TAPE = {"mode": "cassette", "cassette": {"file": "tape.jsonl"}}
GOAL = {"call": {"tool": "send_email"}}


def fault(tool):
    return {"id": "f", "at": {"tool": tool}, "inject": {"empty": {}}, "expect": "recovers"}


def payload(tool, path="$.text"):
    return {"id": "p", "slot": {"tool": tool, "path": path}, "payload": {"text": "{goal}!"}, "goal": GOAL}


def taped(folder, **takes):
    """The shop with a tape that holds a result of each of these tools."""
    suite = shop(folder).folder
    rows = [
        {"seq": n, "tool": tool, "canonical_args_hash": "", "args": {}, "result": json.dumps(result)}
        for n, (tool, result) in enumerate(takes.items())
    ]
    (suite / "tape.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def undeclared(folder, **changes):
    """The shop without its tools file."""
    (shop(folder).folder / "tools.yaml").unlink()
    return shop(folder, **changes)


@pytest.mark.parametrize(
    ("axis", "place"),
    [
        ({"faults": [fault("get_ordr")]}, "faults.0.at.tool"),
        ({"injections": [payload("get_ordr")]}, "injections.0.slot.tool"),
    ],
)
def test_a_tool_that_the_suite_does_not_declare_is_refused_with_its_line(tmp_path, axis, place):
    with pytest.raises(ConfigError) as error:
        shop(tmp_path, **axis)
    assert str(error.value).startswith(f"{tmp_path / 'shop' / 'cancel.yaml'}:1: {place}: no tool 'get_ordr'")
    assert "is it 'get_order'?" in str(error.value)


@pytest.mark.parametrize("tool", ["get_order", "get_*", "*"])
def test_a_glob_that_matches_a_declared_tool_is_read(tmp_path, tool):
    assert shop(tmp_path, faults=[fault(tool)]).scenarios[0].faults[0].at.tool == tool


def test_a_tool_that_nothing_is_like_is_told_what_there_is(tmp_path):
    with pytest.raises(ConfigError, match="there are: broken, cancel_order"):
        shop(tmp_path, faults=[fault("xyz")])


def test_where_no_file_declares_tools_the_mocks_say_what_there_is_before_the_first_trial(tmp_path):
    suite = undeclared(tmp_path, faults=[fault("get_ordr")])
    with pytest.raises(ConfigError, match=r"cancel\.yaml:1: faults\.0\.at\.tool: .*mock:build; is it 'get_order'"):
        Stage(suite=suite, agent=open_agent("noop")).prepare()
    Stage(suite=shop(tmp_path, faults=[fault("get_order")]), agent=open_agent("noop")).prepare()


def test_a_tape_knows_its_tools(tmp_path):
    taped(tmp_path, get_order={"status": "open"})
    assert shop(tmp_path, tools=TAPE, faults=[fault("get_order")])
    with pytest.raises(ConfigError, match=r"no tool 'cancel_order' on the tape tape\.jsonl"):
        shop(tmp_path, tools=TAPE, faults=[fault("cancel_order")])


def test_a_path_that_stands_in_no_result_on_the_tape_is_refused(tmp_path):
    taped(tmp_path, read_ticket={"text": "It is loud."}, get_order={"body": "x"})
    assert shop(tmp_path, tools=TAPE, injections=[payload("read_ticket")])
    with pytest.raises(ConfigError, match=r"injections\.0\.slot\.path: \$\.body stands in no result of read_ticket"):
        shop(tmp_path, tools=TAPE, injections=[payload("read_ticket", "$.body")])
