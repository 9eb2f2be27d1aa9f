"""Secrets by shape and checksum; their kinds, their places, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.secrets import _SSN, RULES, named_in, secrets_in


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("card 4111 1111 1111 1111.", "card", "4111 1111 1111 1111"),
        ("IBAN GB82 WEST 1234 5698 7654 32 please", "account", "GB82 WEST 1234 5698 7654 32"),
        ("use AKIAIOSFODNN7EXAMPLE now", "key", "AKIAIOSFODNN7EXAMPLE"),
        ("the password is hunter2!", "password", "hunter2!"),
        ("api_key = 'x9-44-k'", "password", "x9-44-k"),
        ("SSN 123-45-6789", "identity", "123-45-6789"),
    ],
)
def test_a_secret_is_found_where_it_stands(text, kind, value):
    (found,) = secrets_in(text)
    assert (found.kind, found.value, text[found.start : found.end]) == (kind, value, value)
    assert value not in found.masked


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "GB82 WEST 1234 5698 7654 33",
        "your password is too short",
        "000-45-6789",
        "order 123-45-678",
        "call +44 20 7946 0958",
        "bo@corp.example",
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert not list(secrets_in(text))


def test_credentials_open_something_numbers_name_somebody():
    kinds = {one.kind: one.credential for one in secrets_in("pin: 4821, card 4111 1111 1111 1111")}
    assert kinds == {"password": True, "card": False}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
@given(data=st.data(), around=st.tuples(st.text(max_size=5), st.text(max_size=5)))
def test_the_look_before_a_pattern_hides_nothing_that_is_genuine(rule, data, around):
    text = around[0] + data.draw(st.from_regex(rule.pattern)) + around[1]
    genuine = any(rule.genuine(match.group()) for match in rule.pattern.finditer(text))
    assert rule.may(text) or not genuine
    assert (rule.apply(text) != text) == genuine == any(True for _ in rule.find(text))


@given(st.from_regex(_SSN, fullmatch=True))
def test_an_identity_number_is_seen_in_any_digits(number):
    assert [one.value for one in named_in(f"it is {number}") if one.kind == "identity"] == [number]
