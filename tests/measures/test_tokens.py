"""Words are looked up by what stands between two spaces; they are those that the pattern finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures import tokens
from traceeval.measures.tokens import TOKEN, stem, tokens_of

JOINED = "don't’s 5,000 3.5% £7 a_b ² 8:00 x\u00a0y\x1cz 今天。 «ça» K2 it's— (No.5) ſtop"


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(JOINED)).map("".join)))
def test_the_words_of_a_text_are_those_the_pattern_finds(text):
    found = tokens_of(text)
    assert list(found.raw) == TOKEN.findall(text)
    assert found.stems == tuple(map(stem, found.low))


def test_a_text_comes_apart_into_words_stems_and_content():
    found = tokens_of("The policies don’t cost £5, (3.5%).")
    assert found.raw == ("The", "policies", "don’t", "cost", "£", "5", "3.5%")
    assert found.low == ("the", "policies", "don't", "cost", "£", "5", "3.5%")
    assert found.stems == ("the", "policy", "don't", "cost", "£", "5", "3.5%")
    assert found.content == ("policy", "don't", "cost", "5", "3.5%")


def test_few_and_short_chunks_are_kept(monkeypatch):
    chunks = tokens._Chunks()
    monkeypatch.setattr(tokens._Chunks, "most", 3)
    monkeypatch.setattr(tokens, "_CHUNKS", chunks)
    long = "x" * 65
    assert tokens_of(f"one two {long}").raw == ("one", "two", long)
    assert set(chunks) == {"one", "two"}
    tokens_of("three four")
    assert set(chunks) == {"four"}


@pytest.mark.parametrize("text", ["", " \n", "… —", "_"])
def test_a_text_without_words_has_none(text):
    assert tokens_of(text).raw == ()
