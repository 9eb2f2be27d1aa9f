"""A look before a pattern never hides what the pattern would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.diagnose.generator import partial_as_whole
from traceeval.graph._lexicon import _table, look_for
from traceeval.measures.looks import Look, may_hold
from traceeval.measures.patterns import is_linear


def test_a_text_without_any_of_the_words_is_not_worth_the_pattern() -> None:
    assert not may_hold("A refund takes 12 days.", ("ignore", "system"))


def test_case_does_not_matter() -> None:
    assert may_hold("IGNORE the above", ("ignore",))


def test_beyond_ascii_nothing_is_ruled_out() -> None:
    assert may_hold("\u017fystem", ("system",)), "re.IGNORECASE takes the long s for an s"


@pytest.mark.parametrize("n", [15, pytest.param(1000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("phrase", _table("phrases.toml")["instruction"])
def test_whatever_addresses_the_model_is_seen_at_a_look_among_other_texts_too(phrase: str, n: int) -> None:
    @settings(max_examples=n)
    @given(st.from_regex(re.compile(phrase, re.IGNORECASE | re.MULTILINE), fullmatch=True))
    def holds(text: str) -> None:
        assert look_for("instruction")(text)
        assert look_for("instruction")(f"14 days\n{text}\n14 days")

    holds()


@pytest.mark.parametrize("phrase", _table("phrases.toml")["instruction"])
def test_no_phrase_that_addresses_the_model_looks_beyond_itself(phrase: str) -> None:
    assert is_linear(phrase)


@given(st.from_regex(partial_as_whole._MARK, fullmatch=True))
def test_whatever_marks_a_part_has_one_of_the_words(text: str) -> None:
    assert may_hold(text, partial_as_whole._WORDS)


PATTERNS = (
    r"\b(?:cirrhosis|heart (?:failure|rate)|crohn\w*)\b|\bpain ?killers?\b",
    r"\b(?:over)?dos(?:e|is)\b",
    r"^\W*(?:delete|send)\s+it\s*[.!]?$",
    r"(?-i:\b[A-Z][a-z]+[-–][A-Z][a-z]+) (?:model|test)\b",
    r"teeth|[(|)]x",
    r"(?:[$€]\s?|\b(?:usd|eur) ?)\d{2}\b|\b(?:roth )?ira\b|\b\d+ ?mg\b",
    r"\bmake an? will\b(?! (?:be|not)\b)",
)
WORDS = (
    "cirrhosis",
    "HEART rate",
    "Overdose",
    "dosis",
    "send it",
    "Box-Cox test",
    "box-cox test",
    "(x",
    "höhe",
    "\n",
    "of",
    "$ 12",
    "EUR12",
    "roth",
    "IRA",
    "5mg",
    "x5 mg",
    "\v",
    "\x1fit",
    "send\x1cit",
    "make a will",
)


@given(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
def test_a_look_says_yes_exactly_where_one_of_the_patterns_matches(text: str) -> None:
    matched = any(re.search(one, text, re.IGNORECASE | re.MULTILINE) for one in PATTERNS)

    assert Look(PATTERNS)(text) is matched


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_a_look_sees_whatever_a_pattern_can_match(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE | re.MULTILINE), fullmatch=True))

    assert Look(PATTERNS)(text)
