"""What was lost between ranking and prompt."""

import pytest
from tests.diagnose.signals._desk import LAMP, OTHERS, POOL, TIDE, ranked, record

from traceeval.diagnose._signals.lost_in_prompt import sign
from traceeval.model import Component


def test_a_kept_chunk_that_is_not_in_the_prompt():
    told = sign(record(*ranked(POOL, (LAMP, TIDE)), sent=(TIDE,)))
    assert (told.state, told.component) == ("speaks", Component.ASSEMBLER)
    assert "lamp meets 100 % of the question and did not reach the prompt" in told.text


def test_a_chunk_that_was_cut_before_what_the_question_asks():
    text = "The harbour office keeps many old things. The harbour lamp burns for 40 hours when it is full."
    told = sign(record(*ranked((("lamp", text), TIDE), (("lamp", text),)), sent=(("lamp", text[:44]),)))
    assert "was cut in the prompt" in told.text
    assert told.strength == pytest.approx(1.0, abs=0.3)


def test_a_prompt_that_holds_the_best_is_none_of_its_business():
    assert sign(record(*ranked(POOL, (LAMP, TIDE)), sent=(LAMP, TIDE))).state == "silent"


def test_a_prompt_that_was_not_recorded_is_unknown():
    assert sign(record(*ranked(POOL, (LAMP, *OTHERS)), sent=None)).state == "unknown"
