"""A chunk without its end."""

import pytest
from tests.diagnose.signals._desk import LAMP, OTHERS, POOL, TIDE, ranked, record

from traceeval.diagnose._signals.cut_short import sign
from traceeval.model import Component

KEPT = 36


def test_what_is_gone_is_quoted():
    told = sign(record(*ranked(POOL, (LAMP, TIDE)), sent=(("lamp", LAMP[1][:KEPT]), TIDE)))
    assert (told.state, told.component) == ("speaks", Component.ASSEMBLER)
    assert told.evidence[0].quote == LAMP[1][KEPT:].lstrip()
    assert told.strength == pytest.approx(1 - KEPT / len(LAMP[1]))


def test_a_chunk_that_fits_badly_and_ranks_low_weighs_little():
    cut = (OTHERS[0][0], OTHERS[0][1][:40])
    told = sign(record(*ranked(POOL, (LAMP, TIDE, OTHERS[0])), sent=(LAMP, TIDE, cut)))
    assert told.strength < 0.2


def test_whole_chunks_are_silent_and_an_unrecorded_prompt_is_unknown():
    assert sign(record(*ranked(POOL, (LAMP, TIDE)), sent=(LAMP, TIDE))).state == "silent"
    assert sign(record(*ranked(POOL, (LAMP, TIDE)), sent=None)).state == "unknown"
