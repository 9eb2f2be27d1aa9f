"""What the support formula rests on: words found together, in order, next to each other, and what nobody said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from traceeval.measures.support import Context, claim_support, features_of, ranked_sentences
from traceeval.measures.tokens import tokenise

PARCEL = "The parcel left the depot in Ghent on Monday. A driver carried the heavy crate upstairs. Rain fell all day."


def features(claim, *texts):
    return features_of(tokenise(claim), claim, Context(texts))


@pytest.mark.parametrize(
    ("claim", "phrases"),
    [
        ("The parcel left the depot in Ghent.", ()),
        ("The parcel departed the depot in Ghent.", ()),  # one unknown word among known ones is wording
        ("The parcel left the depot with a broken seal.", ("broken seal",)),
        ("A broken seal and torn paper: the parcel left the depot.", ("broken seal and torn paper",)),
        ("The parcel left the depot with thirty-one crates.", ()),  # numbers are compared by value
        ("The parcel left the depot with 31 envelopes.", ("31 envelopes",)),
        ("Torn paper covered the parcel, a broken seal the depot.", ("Torn paper covered", "broken seal")),
    ],
)
def test_two_unknown_words_in_a_row_are_a_phrase_nobody_said(claim, phrases):
    assert features(claim, PARCEL).phrases == phrases


def test_a_date_written_otherwise_is_no_phrase():
    assert features("The parcel left on 2027-01-03.", "The parcel left on 3 January 2027.").phrases == ()


def test_a_phrase_nobody_said_costs_what_a_missing_name_costs():
    known, unsaid = features("The parcel left the depot.", PARCEL), ("broken seal",)
    assert claim_support(known) - claim_support(replace(known, phrases=unsaid)) == pytest.approx(0.08)


def test_words_of_different_sentences_are_near_but_no_neighbours():
    found = features("The crate left Ghent.", PARCEL)
    assert found.near == 1.0
    assert found.pairs == 0.0


def test_the_evidence_comes_first_and_then_the_most_alike():
    context = Context([PARCEL, "The parcel and the depot."])
    assert ranked_sentences(frozenset(tokenise("parcel depot crate").content), context) == (0, 1, 3)


def test_a_rare_word_says_more_of_where_a_claim_comes_from():
    context = Context(["The parcel here.", "A parcel there.", "One parcel more.", "The crate."])
    assert ranked_sentences(frozenset(tokenise("parcel crate").content), context) == (3, 0, 1, 2)


def test_words_may_stand_anywhere_but_near_are_those_of_three_sentences():
    found = features("parcel depot crate label", "parcel here", "depot there", "crate gone", "label lost")
    assert found.cov == 1.0
    assert found.near == pytest.approx(0.761538)


def test_the_best_order_may_be_that_of_another_sentence_than_the_best():
    found = features("the parcel left the depot", "Depot left parcel.", "The parcel left the crate.")
    assert (found.lcs, found.order) == (0.2, 0.8)


def test_a_number_of_another_scale_is_missing_though_its_digits_stand_there():
    assert features("It cost 5 million euros.", "It cost 5 euros.").numbers == ("5",)
    assert features("It cost 5 euros.", "It cost 5 euros.").numbers == ()


def test_a_sentence_is_found_with_the_passage_it_stands_in():
    context = Context(["One here. Two here.", "", "Three here."])
    assert [(context.passage_of(at), context.sentences[at].text) for at in range(len(context))] == [
        (0, "One here."),
        (0, "Two here."),
        (2, "Three here."),
    ]


words = st.lists(st.sampled_from("parcel depot ghent crate driver rain seal paper 12 March".split()), min_size=1)


@given(words, st.lists(words.map(" ".join), max_size=4), words.map(" ".join))
def test_more_context_never_lowers_coverage_and_support_is_a_share(claim, texts, more):
    text = " ".join(claim)
    assert features(text, *texts).cov <= features(text, *texts, more).cov
    assert 0.0 <= claim_support(features(text, *texts)) <= 1.0


@given(words)
def test_a_sentence_is_wholly_supported_by_itself(claim):
    text = " ".join(claim)
    assert claim_support(features(text, text)) == pytest.approx(1.0)
