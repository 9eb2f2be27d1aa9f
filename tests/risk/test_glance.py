"""A first look at a text: never no where a table calls, and no for most of what people say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from traceeval.risk._glance import Glance
from traceeval.risk._terms import Terms, words_in
from traceeval.risk._triggers import LANGUAGES, _glance, _lexicon, _words

_TABLES = [(language, name) for language in LANGUAGES for name in _lexicon(language).tables]
_SAID = sorted(
    {
        " ".join((stem, *rest))
        for language, name in _TABLES
        for terms, _ in _lexicon(language).tables[name].weighed
        for stem, rests in terms.by_stem.items()
        for rest in rests
    }
    | {start for language, name in _TABLES for t, _ in _lexicon(language).tables[name].weighed for start in t.starts}
)
_FILL = (
    "the",
    "my",
    "of_",
    "_and",
    "ORD-12",
    "5 mg",
    "10,000 euros",
    "können",
    "STD",
    "a Box-Cox test",
    "- ,",
    "’s",
    "x-ray",
)


def glance(*tables: str, patterns: tuple[str, ...] = ()) -> Glance:
    """Tables of terms: strong ones, or ones of which it takes two."""
    return Glance(patterns, [((Terms.of(one.lstrip("2 ")), 0.5 if one[0] == "2" else 1.0),) for one in tables], 0.99)


@given(st.lists(st.sampled_from([*_SAID, *_FILL]), min_size=1, max_size=5).map(" ".join))
def test_a_text_that_calls_in_any_language_passes(text: str) -> None:
    calls = [(language, name) for language, name in _TABLES if _words(text, language, name) is not None]

    assert _glance(LANGUAGES)(text) or not calls
    assert all(_glance((language,))(text) for language, _ in calls)


def test_what_calls_by_nothing_ends_here() -> None:
    assert not _glance(LANGUAGES)("How long does a return take? It is order 12.")


def test_weaker_terms_pass_only_where_one_table_has_enough_of_them() -> None:
    tables = glance("2 landlord, rent", "2 tenant")

    assert tables("My landlord wants the rent")
    assert not tables("My landlord wants the tenant")


def test_a_phrase_counts_only_where_all_its_words_are() -> None:
    assert glance("capital gain*")("gaining capital")
    assert not glance("capital gain")("capital of France")


def test_a_beginning_and_a_pattern_pass() -> None:
    assert glance("amput*")("an _amputated foot")
    assert glance("none", patterns=(r"\b\d+ mg\b",))("take 5 mg")


def test_the_longest_phrase_that_begins_with_a_word_is_the_one_found() -> None:
    terms = Terms.of("antigen, antigen present, antigen present cell")

    assert next(terms.find(words_in("Antigen presenting cells"))).term == "antigen present cell"
