"""A hole in the order of the prompt."""

import pytest
from tests.diagnose.signals._desk import LAMP, OTHERS, POOL, TIDE, ranked, record

from traceeval.diagnose._signals.passed_over import sign
from traceeval.model import Component


def test_a_chunk_that_lower_ones_overtook():
    told = sign(record(*ranked(POOL, (LAMP, TIDE, *OTHERS)), sent=(TIDE, OTHERS[0])))
    assert (told.state, told.component, told.strength) == ("speaks", Component.ASSEMBLER, pytest.approx(0.5))
    assert told.text == "lamp is not in the prompt, and 2 that the ranking put below it are there"


def test_the_ranking_bears_witness_for_a_chunk_in_other_words():
    lantern = ("lantern", "Our beacon shines for nearly two days.")
    pool = (lantern, TIDE, *OTHERS)
    told = sign(record(*ranked(pool, pool[:3]), sent=(TIDE, OTHERS[0])))
    assert told.strength == pytest.approx(0.5)
    second = sign(record(*ranked(pool, (TIDE, lantern, OTHERS[0])), sent=(TIDE, OTHERS[0])))
    assert second.strength == pytest.approx(0.25)


def test_the_end_of_the_order_may_be_left_out():
    assert sign(record(*ranked(POOL, (LAMP, TIDE, OTHERS[0])), sent=(LAMP, TIDE))).state == "silent"


def test_an_unrecorded_prompt_is_unknown():
    assert sign(record(*ranked(POOL, (LAMP, TIDE)), sent=None)).state == "unknown"
