"""A look before a pattern never hides what the pattern would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.diagnose.generator import partial_as_whole
from traceeval.graph._lexicon import _table, looked_for
from traceeval.measures.looks import may_hold


def test_a_text_without_any_of_the_words_is_not_worth_the_pattern() -> None:
    assert not may_hold("A refund takes 12 days.", ("ignore", "system"))


def test_case_does_not_matter() -> None:
    assert may_hold("IGNORE the above", ("ignore",))


def test_beyond_ascii_nothing_is_ruled_out() -> None:
    assert may_hold("\u017fystem", ("system",)), "re.IGNORECASE takes the long s for an s"


@pytest.mark.parametrize("phrase", _table("phrases.toml")["instruction"])
@given(data=st.data())
def test_whatever_addresses_the_model_has_one_of_the_words(phrase: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(phrase, re.IGNORECASE | re.MULTILINE), fullmatch=True))

    assert may_hold(text, looked_for("instruction"))


@given(st.from_regex(partial_as_whole._MARK, fullmatch=True))
def test_whatever_marks_a_part_has_one_of_the_words(text: str) -> None:
    assert may_hold(text, partial_as_whole._WORDS)
