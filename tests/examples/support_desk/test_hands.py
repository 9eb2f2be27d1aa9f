"""The example agent's hands: reads are tried again, writes are looked up before they are."""

from types import SimpleNamespace

import pytest
from examples.support_desk.hands import Failed, Hands


class Session:
    """Answers calls in order: a text, or the name of an error."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = []

    def call_tool(self, name, args):
        self.calls.append(name)
        answer = self.answers.pop(0)
        if answer.startswith(("{", "[")):
            return SimpleNamespace(text=answer, error=None)
        return SimpleNamespace(text=f"{answer}!", error=SimpleNamespace(type=answer, message=answer))


@pytest.mark.parametrize("first", ["timeout", "http_500", "rate_429", '{"cut', "[1,}{2]"])
def test_a_read_that_failed_or_came_damaged_is_tried_again(first):
    session = Session(first, '{"a": 1}')
    assert Hands(session).read("get") == {"a": 1}
    assert session.calls == ["get", "get"]


def test_what_was_delivered_twice_counts_once():
    assert Hands(Session('{"a": 1}\n{"a": 1}')).read("get") == {"a": 1}


@pytest.mark.parametrize("error", ["auth_401", "tool_error"])
def test_a_no_is_not_asked_again(error):
    session = Session(error)
    with pytest.raises(Failed, match=error):
        Hands(session).read("get")
    assert session.calls == ["get"]


def test_a_read_gives_up_after_three_tries():
    session = Session("timeout", "timeout", "timeout")
    with pytest.raises(Failed, match="does not answer"):
        Hands(session).read("get")


def test_a_write_that_timed_out_but_was_done_is_not_done_again():
    session = Session("timeout")
    Hands(session).write("pay", lambda: True)
    assert session.calls == ["pay"]


def test_a_write_that_timed_out_and_was_not_done_is_done_again():
    session = Session("timeout", '{"paid": true}')
    assert Hands(session).write("pay", lambda: False) == {"paid": True}


def test_a_write_nobody_can_look_up_is_left_unknown():
    with pytest.raises(Failed) as found:
        Hands(Session("timeout")).write("pay", None)
    assert found.value.unknown


def test_a_cut_receipt_is_no_receipt_until_it_was_looked_up():
    Hands(Session('{"paid')).write("pay", lambda: True)
    with pytest.raises(Failed) as found:
        Hands(Session('{"paid')).write("pay", None)
    assert found.value.unknown
