"""Drafted annotations are YAML that says what was drafted, whatever a trace calls its tools."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from traceeval.graph import Draft, Line, load_tools
from traceeval.report import as_yaml

NASTY = [
    "a: {effect: pure}\nb",
    "x # comment",
    "yes",
    "null",
    "- item",
    "'quoted'",
    '"quoted"',
    "{flow: 1}",
    "&anchor",
    "*alias",
    "!!python/object/apply:os.system",
    "tab\tname",
    "\u2028line\u2028break",
    "\x85next",
    "\x00\x1b[31m",
    "🦊🦊",
    "\u202eevil",
    " spaced ",
    "a\\b",
    "%TAG",
    "1.5",
    "~",
]
LINES = (Line("effect", "write", "by its name"), Line("confirm", "always", "a proposal", sure=False))


def names_of(text):
    return list((yaml.safe_load(text)["tools"] or {}).keys())


@pytest.mark.parametrize("name", NASTY)
def test_a_strangers_name_is_one_key_and_nothing_else(name, tmp_path):
    text = as_yaml([Draft(name, f"3 calls of {name}", (*LINES, Line("arg_roles", {name: "free"}, name)))], 1)
    assert yaml.safe_load(text)["tools"] == {name: {"effect": "write", "arg_roles": {name: "free"}}}
    path = tmp_path / "tools.yaml"
    path.write_text(text, encoding="utf-8")
    assert [spec.name for spec in load_tools(path)] == [name]
    assert all(char.isprintable() for line in text.split("\n") for char in line)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), unique=True, max_size=5),
    st.text(max_size=30),
)
def test_any_name_comes_back_as_it_was(names, why):
    drafts = [Draft(name, why, (*LINES, Line("entity", [name], why))) for name in names]
    loaded = yaml.safe_load(as_yaml(drafts, 2))["tools"]
    assert loaded == {name: {"effect": "write", "entity": [name]} for name in names}


def test_a_tool_of_which_nothing_is_sure_is_there_with_nothing_said(tmp_path):
    text = as_yaml([Draft("zorgle", "2 calls", (Line("effect", "read", "?", sure=False),))], 1)
    path = tmp_path / "tools.yaml"
    path.write_text(text, encoding="utf-8")
    (spec,) = load_tools(path)
    assert (spec.name, spec.effect) == ("zorgle", "unknown")


def test_a_name_too_long_for_a_key_is_left_out_and_told():
    text = as_yaml([Draft("x" * 5000, "1 calls", LINES), Draft("ok", "1 calls", LINES)], 1)
    assert names_of(text) == ["ok"]
    assert "5000 characters" in text


def test_every_guess_is_marked_and_every_proposal_is_commented_out():
    text = as_yaml([Draft("pay", "2 calls", LINES)], 1)
    assert "effect: write" in text
    told = [line for line in text.splitlines() if line.startswith("    ")]
    assert [("confirm me" in line, line.strip().startswith("#")) for line in told] == [(True, False), (False, True)]
