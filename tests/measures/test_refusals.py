"""Declining, in whole, in part, or not at all; two dozen languages."""

import pytest
from tests.measures._refusal_cases import (
    FIFTH,
    FIRST,
    FOURTH,
    FULL,
    MISSED,
    NONE,
    PART,
    SECOND,
    SIXTH,
    THIRD,
)

from traceeval.measures.claims import claims_of
from traceeval.measures.refusals import refuses


def kind(answer):
    codes = [sentence.skip for sentence in claims_of(answer)]
    return NONE if "refusal" not in codes else PART if None in codes else FULL


@pytest.mark.parametrize(("answer", "expected"), [*FIRST, *SECOND, *THIRD, *FIFTH, *SIXTH])
def test_an_answer_declines_wholly_partly_or_not(answer, expected):
    assert kind(answer) == expected


def test_of_what_was_written_last_only_what_is_listed_is_missed():
    assert {answer for answer, expected in FOURTH if kind(answer) != expected} == MISSED


def test_a_part_that_claims_is_checked_as_a_claim_and_keeps_its_place():
    answer = "I could not find the price, but delivery takes 3 working days."
    parts = claims_of(answer)
    assert [(answer[part.start : part.end], part.skip) for part in parts] == [
        ("I could not find the price", "refusal"),
        ("delivery takes 3 working days.", None),
    ]


def test_advice_is_a_claim_unless_it_accompanies_a_refusal():
    assert [s.skip for s in claims_of("Please contact the bank by phone.")] == [None]
    assert [s.skip for s in claims_of("I don't know. Please contact the bank by phone.")] == ["refusal", "referral"]


@pytest.mark.parametrize("text", ["", "?", "’", "no", "not " * 500, "the documents " * 400, "\ud83d\ude00", "“" * 50])
def test_odd_texts_decline_nothing_and_take_no_time(text):
    assert not refuses(text)
