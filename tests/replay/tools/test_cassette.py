"""Tapes: played back exactly, left at the first call that is not on them, recorded without secrets."""

import json
from contextlib import suppress

import msgspec
import pytest
from tests.replay._run import shop, texts, trial

from traceeval.errors import ConfigError
from traceeval.model import trace_hash
from traceeval.replay.sandbox import Walls
from traceeval.replay.tools._tape import canonical, key, read_tape, redacted

LIVE = {
    "mode": "live",
    "module": "mock:build",
    "allow": ["get_*", "list_*", "cancel_order"],
    "state": {"value": {"orders": {"BL-1": {"status": "open"}}, "tickets": {}}},
}


def agent(*orders):
    def run(session):
        for order in orders:
            session.call_tool("get_order", {"order_id": order})
        session.say("Done.")

    return run


def recorded(tmp_path, *orders, **live):
    """The suite, with a tape of these look-ups."""
    tools = {**LIVE, **live, "cassette": {"file": "tape.jsonl", "record": "all"}}
    suite = shop(tmp_path, tools=tools)
    made = trial(suite, agent(*orders))
    assert made.trial.ended == "done", made.trial.why
    return shop(tmp_path, tools={"mode": "cassette", "module": "mock:build", "cassette": {"file": "tape.jsonl"}}), made


def test_a_run_against_its_own_tape_is_the_same_run(tmp_path):
    suite, live = recorded(tmp_path, "BL-1", "BL-9", "BL-1", allow=["*"], allow_writes=True)
    played = trial(suite, agent("BL-1", "BL-9", "BL-1"))
    assert texts(played, "get_order") == texts(live, "get_order")
    assert played.trial.ended == "done"
    assert trace_hash(played.trial.trace) == trace_hash(live.trial.trace)
    assert live.trial.sandbox == "none"


def test_one_changed_argument_leaves_the_tape_at_that_span(tmp_path):
    suite, _ = recorded(tmp_path, "BL-1", "BL-1")
    found = trial(suite, agent("BL-1", "BL-2"))
    assert found.outcome.result == "diverged"
    (note,) = found.trial.noted("off_tape")
    assert note.span == "s5"
    assert 'nearest: line 1, get_order({"order_id":"BL-1"})' in note.text
    assert found.trial.trace.state is None


def test_a_call_that_comes_once_more_than_it_was_recorded_is_off_the_tape(tmp_path):
    suite, _ = recorded(tmp_path, "BL-1")
    found = trial(suite, agent("BL-1", "BL-1"))
    assert "stands 1 times on the tape" in found.outcome.why


def test_an_agent_that_catches_everything_still_stops_there(tmp_path):
    suite, _ = recorded(tmp_path, "BL-1")

    def stubborn(session):
        try:
            session.call_tool("get_order", {"order_id": "BL-7"})
        except Exception:  # what a careless agent does
            session.say("Never mind.")

    assert trial(suite, stubborn).outcome.result == "diverged"


def test_a_schema_that_changed_since_is_noted(tmp_path):
    suite, _ = recorded(tmp_path, "BL-1")
    tape = suite.folder / "tape.jsonl"
    row = json.loads(tape.read_text())
    tape.write_text(json.dumps({**row, "tool_schema_hash": "0" * 64}) + "\n")
    found = trial(suite, agent("BL-1"))
    assert [note.code for note in found.trial.notes] == ["stale_tape"]
    assert found.trial.ended == "done"


def test_a_line_that_is_no_take_is_told_with_its_number(tmp_path):
    path = tmp_path / "tape.jsonl"
    path.write_text('{"seq": 0}\n')
    with pytest.raises(ConfigError, match=r"tape\.jsonl:1: no recorded call"):
        read_tape(path)


def test_secrets_and_addresses_never_reach_the_file():
    value = {"to": "mira.holt@post.example", "key": "sk-live4f9A8b7C6d5E4f3A2b1C", "n": 3}
    plain, paths = redacted(value)
    assert "mira" not in json.dumps(plain)
    assert "4f9A" not in json.dumps(plain)
    assert paths == ("to", "key")
    assert redacted(value) == (plain, paths)


def test_a_call_with_a_secret_still_matches_its_redacted_take():
    args = {"to": "mira.holt@post.example"}
    assert key("send", args) == key("send", redacted(canonical(args))[0])
    assert key("send", args) != key("send", {"to": "jonas.weber@post.example"})


def test_numbers_and_texts_match_by_value_and_volatile_paths_not_at_all():
    assert key("t", {"a": 5.0, "b": "é"}) == key("t", {"b": "é", "a": 5})
    assert key("t", {"a": 1, "request_id": "x"}, ("request_id",)) == key("t", {"a": 1}, ("request_id",))
    assert key("t", {"a": 1}) != key("t", {"a": 2})


def test_live_tools_off_the_list_are_refused_and_writes_need_a_word_of_their_own(tmp_path):
    def writes(session):
        session.call_tool("cancel_order", {"order_id": "BL-1"})
        session.call_tool("send_email", {"to": "x", "body": "y"})
        session.say("Done.")

    barred = trial(shop(tmp_path, tools=LIVE), writes)
    assert texts(barred, "cancel_order") == ["cancel_order changes the world, or might; live writes need allow_writes"]
    assert texts(barred, "send_email") == ["send_email is not on the allow-list of live tools"]
    allowed = trial(shop(tmp_path, tools={**LIVE, "allow_writes": True}), writes)
    assert texts(allowed, "cancel_order") == ['{"message":"Order BL-1 is cancelled."}']


def test_live_tools_refuse_a_demanded_sandbox(tmp_path):
    with pytest.raises(ConfigError, match="live tools need the network"):
        trial(shop(tmp_path, tools=LIVE), agent(), walls=Walls(wanted="netns"))


def test_only_gaps_are_recorded_where_only_gaps_are_asked_for(tmp_path):
    recorded(tmp_path, "BL-1")
    suite = shop(tmp_path, tools={**LIVE, "cassette": {"file": "tape.jsonl", "record": "missing"}})
    trial(suite, agent("BL-1", "BL-9"))
    lines = (suite.folder / "tape.jsonl").read_bytes().splitlines()
    assert [msgspec.json.decode(line)["args"]["order_id"] for line in lines] == ["BL-1", "BL-9"]


def test_an_agent_that_catches_even_that_has_diverged_all_the_same(tmp_path):
    suite, _ = recorded(tmp_path, "BL-1")

    def more_stubborn(session):
        with suppress(BaseException):
            session.call_tool("get_order", {"order_id": "BL-7"})

    assert trial(suite, more_stubborn).outcome.result == "diverged"
