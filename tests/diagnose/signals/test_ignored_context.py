"""A prompt that meets the question, and an answer that does not."""

import pytest
from tests.diagnose.signals._desk import LAMP, OTHERS, POOL, TIDE, found, record

from traceeval.diagnose._signals.ignored_context import sign
from traceeval.model import Component


def test_a_refusal_over_a_prompt_that_has_it_all():
    told = sign(record(found(*POOL), sent=POOL))
    assert (told.state, told.component, told.strength) == ("speaks", Component.GENERATOR, pytest.approx(1.0))
    assert told.text.endswith("the answer declines")
    assert [one.field for one in told.evidence] == ["lamp", "answer"]


def test_an_answer_from_another_passage():
    told = sign(record(found(*POOL), sent=POOL, answer="The tide tables are sold at the kiosk."))
    assert told.strength > 0.8
    assert "rests on what meets" in told.text


def test_an_answer_with_a_number_from_nowhere():
    told = sign(record(found(*POOL), sent=POOL, answer="The harbour lamp burns for 75 hours."))
    assert told.text.endswith("claims what the prompt does not support")


@pytest.mark.parametrize("answer", ["The harbour lamp burns for 40 hours.", "It burns for 40 hours.", "For 40 hours."])
def test_an_answer_from_the_best_passage_is_silent(answer):
    assert sign(record(found(*POOL), sent=POOL, answer=answer)).strength < 0.2


def test_the_users_own_question_is_no_basis_of_an_answer():
    answer = "The harbour lamp has a question."
    told = record(found(*OTHERS, LAMP, TIDE), sent=OTHERS, answer=answer)
    assert all(basis.passage.kind != "user" for basis in told.bases)


def test_an_unrecorded_prompt_is_unknown():
    assert sign(record(found(LAMP, TIDE), sent=None)).state == "unknown"
