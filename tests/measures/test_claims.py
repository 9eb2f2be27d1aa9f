"""Answers and passages taken apart into sentences."""

import pytest

from traceeval.measures import claims
from traceeval.measures.claims import split_sentences


def sentences(text):
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize("short", ["Dr.", "Prof.", "Corp.", "U.S.", "No.", "e.g."])
def test_an_abbreviation_ends_no_sentence(short):
    assert sentences(f"We met {short} Brown there. He left.") == [f"We met {short} Brown there.", "He left."]
    assert sentences(f"{short} Brown left. He came back.") == [f"{short} Brown left.", "He came back."]


def test_a_word_that_only_ends_like_an_abbreviation_ends_a_sentence():
    assert sentences("They sang Bravissimo. Everybody left.") == ["They sang Bravissimo.", "Everybody left."]
    assert sentences("It was the casino. Everybody left.") == ["It was the casino.", "Everybody left."]


def test_what_a_sentence_is_joined_to_is_looked_at_from_its_end_only(monkeypatch):
    searched = []

    class Watched:
        def search(self, text):
            searched.append(len(text))

    monkeypatch.setattr(claims, "_ABBREVIATION", Watched())
    split_sentences("A. " * 500)
    assert max(searched) <= 10
