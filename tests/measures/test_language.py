"""Which language a text is in, as far as short word lists tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.language import _ASCII_WORD, _words, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The parcel is in the depot, and it will not leave before noon.", "en"),
        (
            "Parcel depot crate label of the lorry driver yard gate",
            "en",
        ),  # few function words, but no language has more
        ("De doos is in het depot van de fabriek aan zee", "nl"),  # is, in: English words, but Dutch has more
        ("Das Paket ist nicht im Lager und wird auch nicht geliefert.", "de"),
        ("Parcel depot crate label lorry driver yard gate", None),
        ("The parcel isn't there, it's gone; that's all.", "en"),
        ("Нил имеет длину шесть тысяч километров", "cyrillic"),
        ("12 - 34", None),
    ],
)
def test_a_text_is_in_a_language_or_too_short_to_tell(text, language):
    assert language_of(text) == language


@given(st.text(st.characters(max_codepoint=127)).map(str.lower))
def test_words_are_letters_and_those_behind_one_apostrophe(low):
    assert _words(low) == _ASCII_WORD.findall(low)
