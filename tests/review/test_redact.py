"""Personal data and secrets are taken out; what only looks like them stays readable."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.secrets import entropy, iban, luhn
from traceeval.model import Trace
from traceeval.review.redact import redact, redact_text
from traceeval.testing import call, trace, user


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail bo@corp.example, please", "mail [REDACTED email], please"),
        ("bo.b+x@a-b.co.uk", "[REDACTED email]"),
        ("call +49 151 1234 5678 now", "call [REDACTED phone] now"),
        ("+4915112345678", "[REDACTED phone]"),
        ("+1 (555) 234-5678", "[REDACTED phone]"),
        ("(555) 234-5678", "[REDACTED phone]"),
        ("030 1234567", "[REDACTED phone]"),
        ("4111 1111 1111 1111.", "[REDACTED card]."),
        ("5500-0000-0000-0004", "[REDACTED card]"),
        ("340000000000009", "[REDACTED card]"),
        ("DE89 3704 0044 0532 0130 00 OKAY", "[REDACTED account] OKAY"),
        ("BE68 5390 0754 7034 THEN", "[REDACTED account] THEN"),
        ("GB82WEST12345698765432", "[REDACTED account]"),
        ("NO9386011117947", "[REDACTED account]"),
        ("key sk-abc123DEF456ghi789JKL!", "key [REDACTED key]!"),
        ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[REDACTED key]"),
        ("AKIAIOSFODNN7EXAMPLE", "[REDACTED key]"),
        ("a -----BEGIN RSA PRIVATE KEY-----\nMIIE1234\n-----END RSA PRIVATE KEY----- b", "a [REDACTED key] b"),
    ],
)  # fmt: skip
def test_what_identifies_somebody_is_taken_out(text, shown):
    assert redact_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24 11:38:09.123", "01/02/2024 10:30", "24.11.2026", "192.168.100.200", "10 20 30 40 50 60",
        "1700000000000000000", "4111 1111 1111 1112", "ORD-1001 for 42.50 EUR",
        "telecommunications-and-more", "te_of_document_and_more_17", "sk-words-joined-by-dashes-only", "v1.2.3@latest",
        "a @ b", "0.123456789012345", "3.14159265358979", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "+5 points",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays(text):
    assert redact_text(text) == text


def test_checksums_have_their_published_answers():
    assert luhn("79927398713" + "0" * 0) is False  # 11 digits: the checksum holds, the length does not
    assert luhn("4111111111111111")
    assert iban("GB82 WEST 1234 5698 7654 32")
    assert not iban("GB82 WEST 1234 5698 7654 33")
    assert redact_text("GB82 WEST 1234 5698 7654 33") == "GB82 WEST 1234 5698 7654 33"
    assert entropy("") == 0
    assert entropy("abcd") == 2


def test_data_of_the_application_is_redacted_everywhere_and_structure_stays():
    sample = trace(
        user("hi"),
        call("send", {"id": "bo@corp.example", "to": ["x@y.example"], "ana@y.example": 4111111111111111, "n": 5}),
        id="t",
    )
    shown = msgspec.json.decode(redact(msgspec.json.encode(sample)), type=Trace)
    assert [span.id for span in shown.spans] == [span.id for span in sample.spans]
    arguments = next(span.body for span in shown.spans if span.kind == "tool").arguments
    assert arguments == {
        "id": "[REDACTED email]", "to": ["[REDACTED email]"], "[REDACTED email]": "[REDACTED card]", "n": 5,
    }  # fmt: skip


def test_a_filter_is_data_of_the_application_and_ids_of_judged_documents_are_links():
    shown = msgspec.json.decode(
        redact(b'{"filter": {"a@b.example": "a@b.example"}, "doc": "a@b.example", "document": "a@b.example"}')
    )
    assert shown["filter"] == {"[REDACTED email]": "[REDACTED email]"}
    assert shown["doc"] == shown["document"] != "[REDACTED email]"


def test_keys_that_become_equal_do_not_swallow_each_other():
    shown = msgspec.json.decode(redact(b'{"attributes": {"a@b.example": 1, "c@d.example": 2}}'))
    assert shown == {"attributes": {"[REDACTED email]": 1, "[REDACTED email] (2)": 2}}


def test_ids_that_identify_stay_different_and_linked():
    body = b'[{"id": "a@b.example"}, {"id": "c@d.example", "parent": "a@b.example", "reads": ["a@b.example"]}]'
    first, second = msgspec.json.decode(redact(body))
    assert first["id"] == second["parent"] == second["reads"][0] != second["id"]
    assert "a@b" not in str([first, second])


@given(
    st.recursive(
        st.text() | st.integers(-(2**53), 2**53) | st.none(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_redaction_is_done_once_and_for_all(value):
    once = redact(msgspec.json.encode(value))
    assert redact(once) == once


@pytest.mark.parametrize(
    "text", ["+1" * 60_000, "AB12" + "A" * 120_000, "a." * 60_000 + "@", "1 " * 60_000, "-----BEGIN " * 9_000]
)
def test_a_text_made_to_be_slow_is_read_in_one_pass(text):
    assert len(redact_text(text)) <= len(text)
