"""Runs of letters and digits: one pass finds every wanted value, exactly where a search for each alone finds it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from traceeval.graph._runs import Trie, key, runs

WORDS = st.sampled_from(["ord", "77", "ORD", "bo", "corp", "example", "a", "é", "東", "京", "ﬁ", "x9"])
MARKS = st.sampled_from([" ", "-", "_", ".", "@", "/", ", ", "\u200b", "\n"])
TEXTS = st.lists(st.tuples(WORDS, MARKS), max_size=25).map(lambda parts: "".join(map("".join, parts)))
VALUES = st.lists(st.tuples(WORDS, MARKS), min_size=1, max_size=4).map(lambda p: "".join(map("".join, p)).strip(" ,\n"))


@given(TEXTS, st.lists(VALUES, max_size=6, unique=True))
def test_many_values_are_found_where_each_alone_is(text, values):
    together = sorted(Trie(values).scan(text))
    alone = sorted(found for value in values for found in Trie([value]).scan(text))
    assert together == alone


@given(TEXTS, VALUES)
def test_a_place_holds_the_runs_of_the_value(text, value):
    for found, start, end, grade in Trie([value]).scan(text):
        assert 0 <= start < end <= len(text)
        assert set(key(found)) <= set(key(text[start:end])) | {run for run, _, _ in runs(text[start:end])}
        assert (grade == "exact") == (text[start:end] == found)


@given(VALUES)
def test_a_value_stands_in_itself(value):
    if key(value):
        assert ("exact" in {grade for _, _, _, grade in Trie([value]).scan(value)}) is True


@given(st.text(max_size=60))
def test_runs_are_in_order_and_never_overlap(text):
    found = list(runs(text))
    assert all(start < end for _, start, end in found)
    assert all(one[2] <= other[1] for one, other in pairwise(found))
