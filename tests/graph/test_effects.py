"""What one call does, as its arguments tell; guesses are sharpened, declarations stand."""

import pytest

from traceeval.graph import ToolBook, TraceGraph
from traceeval.graph._effects import shell_effect
from traceeval.model import Basis, ToolSpec
from traceeval.testing import call, trace


def effect(name, arguments, **specs):
    book = ToolBook({tool: ToolSpec(name=tool, basis=Basis.DECLARED, **spec) for tool, spec in specs.items()})
    (made,) = TraceGraph(trace(call(name, arguments)), book).calls
    return made.spec.effect, made.spec.reversible


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("ls -l | grep x", ("read", False)),
        ("cat a > b", ("write", False)),
        ("grep -r x . 2>/dev/null", ("read", False)),
        ("cd /tmp && rm -rf x", ("write", True)),
        ("sudo rm x", ("privileged", True)),
        ("echo x | sudo tee /etc/sudoers", ("privileged", False)),
        ("python3 --version", ("read", False)),
        ("python3 run.py", ("privileged", False)),
        ("curl http://x.example", ("external", False)),
        ("frobnicate", ("privileged", False)),
        ("FOO=1 ls", ("read", False)),
        ("'unbalanced", ("privileged", False)),
    ],
)
def test_a_shell_command_is_as_grave_as_its_gravest_part(command, expected):
    assert shell_effect(command) == expected


def test_a_shell_that_looks_is_a_read_and_one_that_destroys_is_final():
    assert effect("run_command", {"command": "ls"}) == ("read", None)
    assert effect("run_command", {"command": "rm x"}) == ("write", False)


def test_an_action_argument_says_what_a_manager_does():
    assert effect("manage_records", {"action": "list"})[0] == "read"
    assert effect("manage_records", {"action": "delete", "id": "1"})[0] == "write"


def test_a_place_on_a_screen_says_what_a_click_does():
    assert effect("click", {"target": ["pay with password"]}) == ("external", False)
    assert effect("click", {"target": ["Location", "Allow"]})[0] == "privileged"
    assert effect("click", {"target": ["News"]})[0] == "read"


def test_what_a_person_declared_stands():
    assert effect("run_command", {"command": "ls"}, run_command={"effect": "privileged"})[0] == "privileged"


@pytest.mark.parametrize(
    "arguments", [None, "ls", {"command": 5}, {"command": ""}, {"action": ["list"]}, {"action": " "}]
)
def test_arguments_that_say_nothing_change_nothing(arguments):
    assert effect("run_command", arguments)[0] == "privileged"
