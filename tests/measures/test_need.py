"""What a question needs, and how much of it a text has: by words alone, in the open."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.need import VALUE, Need

KEEPER = "The museum opens at ten. Its keeper is Adele Norrback."
words = st.text(st.sampled_from("abcde fghij. 12"), max_size=40)


def test_the_content_words_of_a_question_are_needed_and_its_frame_is_not():
    assert list(Need("Please tell me: who is the keeper of the museum?", []).weights) == ["keeper", "museum"]


def test_a_question_of_nothing_but_frame_needs_what_it_has():
    assert list(Need("How long?", []).weights) == ["long", VALUE]


@pytest.mark.parametrize("question", ["", "?", "Which?"])
def test_a_question_without_content_needs_nothing(question):
    assert not Need(question, [KEEPER])


def test_the_weight_is_length_times_rarity():
    texts = ["The keeper left.", "The keeper came.", "Nobody came.", "Rain."]
    need = Need("Who is the keeper?", texts)
    assert need.weights == {"keeper": pytest.approx(1.36 * math.log(1 + 4 / 2.5))}


def test_three_texts_tell_nothing_of_rarity():
    assert Need("Who is the keeper?", ["The keeper left."]).weights == {"keeper": pytest.approx(1.36)}


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How many maps does it store?", True),
        ("At which depth is garlic planted?", True),
        ("What does the express delivery cost?", True),
        ("Until when can I order?", True),
        ("Who is the keeper?", False),
        ("Is water damage covered?", False),
    ],
)
def test_a_question_for_a_quantity_needs_a_number(question, asks):
    assert (VALUE in Need(question, []).weights) is asks


def test_a_number_of_the_question_is_no_answer_to_it():
    need = Need("How many of the 40 seats are free?", [])
    assert VALUE not in need.terms_in("There are 40 seats.")
    assert VALUE in need.terms_in("There are 40 seats, three of them free.")


def test_words_that_begin_alike_are_alike_from_five_letters_on():
    assert "delivery" in Need("When is the delivery?", []).terms_in("Parcels are delivered at noon.")
    assert "car" not in Need("Where is the car?", []).terms_in("The carton is here.")


def test_a_text_meets_a_question_by_its_whole_and_by_its_best_sentence():
    need = Need("Who is the keeper of the museum?", [])
    keeper, museum = need.weights["keeper"], need.weights["museum"]
    best = max(keeper, museum) / (keeper + museum)
    assert need.met(KEEPER) == pytest.approx(1.0 * best)
    assert need.met("Adele is the keeper of the museum.") == pytest.approx(1.0)
    assert need.met("Rain.") == 0.0
    assert need.best_sentence("Rain. Adele is the keeper of the museum.") == "Adele is the keeper of the museum."


def test_words_taken_from_a_source_meet_it_by_the_source_and_by_themselves():
    need = Need("Who is the keeper of the museum?", [])
    keeper, museum = need.weights["keeper"], need.weights["museum"]
    assert need.met_by(KEEPER, need.terms_spoken(["It opens at ten."])) == 0.0
    assert need.met_by(KEEPER, need.terms_spoken(["The keeper", "is Adele."])) == pytest.approx(
        keeper / (keeper + museum)
    )


def test_the_best_of_some_texts_is_the_first_that_meets_most():
    need = Need("How long does delivery to Graz take, order 30?", [])
    texts = ["ORD-0030: 4", "Delivery is fast.", "Deliveries to Graz: 3 days.", "Graz, delivered in 5 days.", "Rain."]
    assert need.best_of(texts) == max(range(5), key=lambda at: need.met(texts[at])) == 2
    assert need.best_of([]) is None


def test_a_time_of_day_is_a_number_that_only_its_sentence_states():
    need = Need("How long is the 8 tour?", [])
    assert VALUE not in need.terms_in("The tour: 8 am.")
    assert need.best_of(["The 8 tour.", "The tour: 8 am."]) == 1


def test_what_no_text_has_is_told_in_the_words_of_the_question():
    texts = ["Deliveries take a week.", "Cheques are refused.", "Rain.", "Snow."]
    need = Need("How long do express deliveries to islands take?", texts)
    assert set(need.missing_in(*texts)) == {"express", "islands", VALUE}


@given(words, st.lists(words, max_size=5), words, words)
def test_shares_stay_between_0_and_1_and_more_words_never_meet_less(question, texts, one, other):
    need = Need(question, texts)
    assert 0.0 <= need.met(one) <= 1.0 + 1e-12
    assert 0.0 <= need.met_by(one, need.terms_spoken([other])) <= 1.0 + 1e-12
    assert Need(question, texts).best_of([one, other]) == (need.met(other) > need.met(one))
    assert need.terms_in(one) <= need.terms_in(f"{one}\n{other}")
    assert need.met(one) <= need.met(f"{one}\n{other}") + 1e-12
