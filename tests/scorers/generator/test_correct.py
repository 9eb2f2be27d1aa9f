"""Right, wrong, contradicted, declined (metrics.md section 5)."""

import pytest

from traceeval.graph.views import AnswerView
from traceeval.model import Reference
from traceeval.scorers.generator.correct import correct
from traceeval.scorers.generator.refusal_correct import refusal_correct
from traceeval.scorers.generator.token_f1 import token_f1
from traceeval.testing import check_scorer

REFUSAL = "I could not find this in the documents. Please ask the bank."
PART = "The fee is 12 euros. I could not find the deadline."


def view(answer, question=None, /, **gold):
    return AnswerView(trace="t", span="s", question=question, answer=answer, passages=(), reference=Reference(**gold))


def test_a_value_in_a_rejected_clause_is_not_asserted_and_the_answer_contradicts_it():
    found = correct(view("It is not Paris, it is Rome.", answer=("Paris",)))
    assert (found.value, found.why) == (0.0, "contradicted: the answer rejects 'Paris'")
    assert [one.quote for one in found.evidence] == ["It is not Paris, it is Rome."]
    assert correct(view("It is not Paris, it is Rome.", answer=("Rome",))).value == 1.0


def test_a_wrong_value_is_wrong_but_contradicts_nothing():
    found = correct(view("It is Rome.", answer=("Paris",)))
    assert (found.value, found.why) == (0.0, "value: typed comparison")


def test_any_of_the_references_will_do():
    assert correct(view("It is 6,650 km long.", answer=("4,132 miles", "6650 km"))).value == 1.0


def test_of_several_guesses_none_is_right():
    assert correct(view("It is either Paris or Rome.", answer=("Paris",))).value == 0.0


def test_yes_and_no_are_read_from_what_is_said_of_the_question():
    question = "Is water damage covered by the warranty?"
    assert correct(view("Water damage is not covered by the warranty.", question, answer=("no",))).value == 1.0
    assert correct(view("Water damage is covered by the warranty.", question, answer=("no",))).value == 0.0
    assert correct(view("The soup contains milk.", "Does the soup contain nuts?", answer=("yes",))).value == 0.0


def test_a_long_answer_is_measured_both_ways_with_contradicted_gold_apart():
    gold = ("Refunds are paid within 14 days.", "Shipping is free above 50 euros.")
    whole = correct(view(" ".join(gold), claims=gold))
    assert (whole.value, whole.units) == (1.0, 4)
    half = correct(view(gold[0], claims=gold))
    assert half.value == pytest.approx(2 / 3)
    turned = correct(view(f"{gold[0]} Shipping is free above 90 euros.", claims=gold))
    assert turned.why == "facts: precision 0.50, recall 0.50, contradicted 1"
    assert [one.quote for one in turned.evidence] == ["Shipping is free above 90 euros."]


def test_a_claim_that_states_a_value_of_the_reference_is_right():
    assert correct(view("It was built in 1932. It is 210 m long.", claims=("1932", "210 m"))).value == 1.0


def test_one_side_without_claims_is_nothing_and_neither_is_undefined():
    assert correct(view("Thank you for asking!", claims=("a is b.",))).value == 0.0
    assert correct(view("x is y and z.", claims=())).value == 0.0
    assert correct(view("Thank you for asking!", claims=())).status == "undefined"


@pytest.mark.parametrize(
    ("answer", "gold", "value"),
    [
        (REFUSAL, {"answer": ("12 euros",)}, 0.0),
        (REFUSAL, {"answerable": False}, 1.0),
        (REFUSAL, {"answer": ("The documents do not say.",)}, 1.0),
        ("It is 12 euros.", {"answerable": False}, 0.0),
        (PART, {"answerable": False}, 0.0),
        (PART, {"answer": ("12 euros",)}, 1.0),
        ("Das weiß ich leider nicht.", {"answerable": False}, 1.0),
        ("抱歉，文档中没有提到退款期限。", {"answerable": False}, 1.0),
    ],
)
def test_a_refusal_is_right_iff_the_question_has_no_answer(answer, gold, value):
    assert correct(view(answer, **gold)).value == value


def test_what_a_part_declines_is_no_claim_of_the_long_answer():
    gold = ("The fee is 12 euros.",)
    assert correct(view(PART, claims=gold)).value == 1.0


def refused(answer, /, **gold):
    from traceeval.judge import Desk, drive
    from traceeval.judge.checkers.lexical import LexicalChecker

    return drive(refusal_correct(view(answer, **gold)), Desk(LexicalChecker()))


def test_declining_a_part_is_no_refusal_and_is_said():
    found = refused(PART, answerable=True)
    assert (found.value, found.why.partition(":")[0]) == (1.0, "partial_refusal")
    assert refused(PART, answerable=False).value == 0.0
    assert refused(REFUSAL, answerable=False).value == 1.0
    assert refused(REFUSAL).status == "not_applicable"


def test_overlap_of_a_refusal_with_the_reference_is_no_merit():
    assert token_f1(view("I do not know the fee.", answer=("the fee",))).value == 0.0
    assert token_f1(view(REFUSAL, answer=("The documents do not say.",))).status == "not_applicable"


@pytest.mark.parametrize("name", ["correct", "refusal_correct", "token_f1", "fallback", "utilisation"])
def test_the_contract_holds(name):
    check_scorer(f"generator.{name}")
