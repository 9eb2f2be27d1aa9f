from hypothesis import given
from hypothesis import strategies as st

from traceeval.graph._runs import Trie, first_place, key

words = st.sampled_from(["ord", "order", "77", "ORD-77", "a", "a.b@c.de", "https://c.de/", "c.de", "(1)", "⑴", "é"])
texts = st.lists(st.one_of(words, st.sampled_from([" ", "-", "_", ", ", "/"]))).map("".join)


@given(texts.filter(str.isascii), texts.filter(lambda value: bool(key(value))))
def test_the_first_place_of_a_value_is_where_the_trie_finds_it_first(text, value):
    found = next(Trie((value,)).scan(text), None)

    longest = max(key(value), key=len)

    assert first_place(text, text.lower(), value, longest) == (found[1:] if found is not None else None)


def test_an_earlier_place_that_is_part_of_a_longer_word_is_passed_over():
    text = "order 77, reord-77, then Ord 77."

    assert first_place(text, text.lower(), "ORD-77", "ord") == (25, 31, "normalised")
