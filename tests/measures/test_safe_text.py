"""Text of strangers: what acts or hides is spelled out, what people write stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.safe_text import escape, inline, visible


@pytest.mark.parametrize(
    "char", ["\x1b", "\x07", "\u202e", "\u200b", "\u2066", "\ufeff", "\U000e0041", "\x9b", "\x00", "\ud800"]
)
def test_a_character_that_acts_or_hides_is_spelled_out(char):
    shown = visible(f"a{char}b")
    assert char not in shown
    assert f"U+{ord(char):04X}" in shown


@pytest.mark.parametrize("text", ["نامه‌ای", "👩‍👧", "क्‍ष", "Größe\tcm\nend", "‘quoted’ – dash"])
def test_what_people_write_stays(text):
    assert visible(text) == text


def test_markup_is_text():
    assert escape("<img src=x onerror='a'>\"&") == "&lt;img src=x onerror=&#x27;a&#x27;&gt;&quot;&amp;"


def test_one_line_and_no_more_than_asked():
    assert inline("a\n\n b " * 100, 20).endswith("…")
    assert len(inline("x" * 1000, 20)) <= 20
    assert inline("short") == "short"


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_text_keeps_an_escape_or_a_bidi_control(text):
    assert not set("\x1b\x9b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00") & set(visible(text))
