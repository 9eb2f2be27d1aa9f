"""What a terminal or a log receives: one line for each failure, in which nothing acts, whoever wrote the words."""

import json

import click
import msgspec
import pytest
from click.testing import CliRunner

from traceeval.cli import _accounts, _failures, main, queue, rubric, serve
from traceeval.errors import ConfigError, StoreFailed
from traceeval.review.starter import core

WORDS = "x\nreview: all is well\x1b[2J\u202e\u200b\x9b\r"
CODES = [(ConfigError("wrong"), 2), (StoreFailed("full"), 4), (OSError("gone"), 4), (ValueError("ours"), 4)]


def only_our_lines(output):
    assert "all is well" in output
    assert not [char for char in output if not char.isprintable() and char != "\n"]
    assert not [line for line in output.splitlines() if line.startswith("review")]


def invoked(*words, code):
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == code, done.output
    return done.output


def a_trace_that_was_repaired(tmp_path, monkeypatch):
    span = {"id": "s", "kind": "tool", "parent": WORDS}
    (tmp_path / "traces.jsonl").write_text(json.dumps({"schema_version": "traceeval/1", "id": "t", "spans": [span]}))
    only_our_lines(invoked("validate", str(tmp_path / "traces.jsonl"), code=0))


def a_file_that_is_refused(tmp_path, monkeypatch):
    (tmp_path / "tools.yaml").write_text(json.dumps({WORDS: 1}))
    only_our_lines(invoked("lint", "tools", str(tmp_path / "tools.yaml"), code=2))


def a_line_of_a_server(tmp_path, monkeypatch):
    """Whatever a server has to say goes through one door."""
    monkeypatch.setattr("traceeval.web.serving.serve", lambda url, where, say, **how: say(f"upkeep: {WORDS}"))
    only_our_lines(CliRunner().invoke(main, ["serve", "--queue", f"sqlite:///{tmp_path / 'r.db'}"]).output)


def a_rubric_that_is_stored(tmp_path, monkeypatch):
    (tmp_path / "rubric.json").write_bytes(
        msgspec.json.encode(msgspec.structs.replace(core(), id=WORDS, locale="en\u202e"))
    )
    where = ("--queue", f"sqlite:///{tmp_path / 'r.db'}", "--as", "lea")
    only_our_lines(invoked("rubric", "add", *where, str(tmp_path / "rubric.json"), code=0))


def a_queue_that_is_made(tmp_path, monkeypatch):
    (tmp_path / "rubric.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(core(), id=WORDS)))
    where = ("--queue", f"sqlite:///{tmp_path / 'r.db'}", "--as", "lea")
    asked = ("--name", "q", "--rubric", str(tmp_path / "rubric.json"))
    only_our_lines(invoked("queue", "create", *where, *asked, code=0))


CHECKS = [
    ("rubric", a_rubric_that_is_stored),
    ("queue", a_queue_that_is_made),
    ("_accounts", a_trace_that_was_repaired),
    ("_failures", a_file_that_is_refused),
    ("serve", a_line_of_a_server),
]


@pytest.mark.parametrize("check", [check for _, check in CHECKS], ids=lambda check: check.__name__)
def test_nothing_that_strangers_wrote_acts_or_begins_a_line(tmp_path, monkeypatch, check):
    check(tmp_path, monkeypatch)


@pytest.mark.parametrize(("room", "check"), CHECKS)
def test_a_door_that_lets_characters_through_is_found(tmp_path, monkeypatch, room, check):
    rooms = {"_accounts": _accounts, "_failures": _failures, "serve": serve, "rubric": rubric, "queue": queue}
    monkeypatch.setattr(rooms[room], "printable", str)
    with pytest.raises(AssertionError):
        check(tmp_path, monkeypatch)


@pytest.mark.parametrize(("error", "code"), CODES, ids=lambda one: type(one).__name__)
def test_an_error_is_one_line_and_an_exit_code(error, code):
    @click.command()
    @_failures.exits
    def fails():
        raise error

    done = CliRunner().invoke(fails)
    assert done.exit_code == code
    assert done.stderr.splitlines()[-1].startswith("traceeval: ")
