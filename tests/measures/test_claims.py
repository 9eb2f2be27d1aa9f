"""Answers into claims, passages into sentences: where the pieces end, and what is no part of a claim."""

import pytest

from traceeval.measures.claims import asserted, claims_of, sentences_of
from traceeval.measures.tokens import tokenise


def pieces(text):
    return [sentence.text for sentence in sentences_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Okafor signed it. The date stands.", ["Dr. Okafor signed it.", "The date stands."]),
        ("See order No. 5 of the list. It was late.", ["See order No. 5 of the list.", "It was late."]),
        ("No. The date cannot be changed.", ["No.", "The date cannot be changed."]),
        ("They all answered No. The vote was lost.", ["They all answered No.", "The vote was lost."]),
        ("One line\nAnother line", ["One line", "Another line"]),
        ("今天下雨。明天晴。", ["今天下雨。", "明天晴。"]),
        ("It said “done.” And then it stopped.", ["It said “done.” And then it stopped."]),
        ('It said "done." And then it stopped.', ['It said "done.', "And then it stopped."]),
    ],
)
def test_a_text_is_cut_where_a_sentence_ends(text, expected):
    assert pieces(text) == expected


def test_every_piece_stands_where_it_says():
    text = "  First one.\n\n- A point!   Last (one)?  \n"
    assert all(text[s.start : s.end] == s.text for s in sentences_of(text))


def test_a_bare_no_claims_nothing_of_its_own():
    assert [(one.text, one.skip) for one in claims_of("No. The date cannot be changed.")] == [
        ("No.", "no_content"),
        ("The date cannot be changed.", None),
    ]


@pytest.mark.parametrize("text", ["No, the date stands.", "Yes: the date stands.", "no – the date stands."])
def test_the_word_that_answers_a_question_is_not_asserted(text):
    assert asserted(tokenise(text), text).low == ("the", "date", "stands")


@pytest.mark.parametrize("text", ["No date stands.", "Yesterday, it rained.", "The answer is no, it stands."])
def test_a_no_inside_the_sentence_is_asserted(text):
    assert asserted(tokenise(text), text) == tokenise(text)
