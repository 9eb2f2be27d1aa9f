"""What a text asks, taken out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.questions import without_questions


def left(text):
    return " ".join(without_questions(text).split())


@pytest.mark.parametrize(
    "asked",
    [
        "Does code F75 mean that the pressure sensor is faulty?",
        "Is it true that the flat measures 64 square metres ?",
        "who wrote The Glass Orchard",
        "Please check whether the pressure sensor is faulty.",
        "Could you please confirm that the invoice is due on 14 July.",
        "Tell me the price of the red lamp.",
        "¿Cuesta el billete 12 euros?",
        "保修期是两年吗？",
    ],
)
def test_who_asks_says_nothing(asked):
    assert left(asked) == ""


@pytest.mark.parametrize(
    "said",
    [
        "My flat measures 64 square metres.",
        "When I called, the agent said 64 square metres.",
        "Will Smith wrote it.",
        "The sensor was checked on Monday.",
        "I would like to return the red lamp.",
        "",
    ],
)
def test_what_is_said_stays(said):
    assert left(said) == said


def test_what_is_said_before_a_question_stays():
    assert left("Grandma's card says 180 g. How much sugar goes in?") == "Grandma's card says 180 g."
    assert left("Mira wrote it, I think, but please check: who wrote it?") == "Mira wrote it, I think, but please check"


@given(st.text(alphabet="ab ?.,:who\n", max_size=60))
def test_places_stay_what_they_were_and_nothing_is_left_to_take_out(text):
    once = without_questions(text)
    assert len(once) == len(text)
    assert all(after in (before, " ") for before, after in zip(text, once, strict=True))
