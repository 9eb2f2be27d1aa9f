"""An answer that only a lost chunk supports."""

from tests.diagnose.signals._desk import LAMP, OTHERS, POOL, TIDE, found, ranked, record

from traceeval.diagnose._signals.told_by_lost import sign
from traceeval.model import Component

RIGHT = "The harbour lamp burns for 40 hours."


def test_the_stage_that_lost_it_is_named_with_claim_and_chunk():
    told = sign(record(*ranked(POOL, (TIDE, *OTHERS)), sent=(TIDE, *OTHERS), answer=RIGHT))
    assert (told.state, told.component) == ("speaks", Component.RERANKER)
    assert (told.evidence[0].field, told.evidence[0].start, told.evidence[1].field) == ("answer", 0, "lamp")
    left_out = sign(record(*ranked(POOL, (LAMP, TIDE)), sent=(TIDE,), answer=RIGHT))
    assert left_out.component is Component.ASSEMBLER
    assert sign(record(found(*POOL[1:], LAMP), sent=POOL[1:], answer=RIGHT)).component is Component.RETRIEVER


def test_only_the_support_that_the_lost_chunk_adds_counts():
    wrong = "The harbour lamp burns for 75 hours."  # as near to the chunk that was sent as to its lost twin
    twin = ("twin", "The harbour lamp burns for 40 hours, as everybody here knows.")
    assert sign(record(*ranked((LAMP, twin), (LAMP,)), sent=(LAMP,), answer=wrong)).state == "silent"


def test_a_supported_answer_needs_no_lost_chunk():
    assert sign(record(*ranked(POOL, (LAMP, TIDE)), sent=(LAMP, TIDE), answer=RIGHT)).state == "silent"


def test_an_invented_answer_that_no_chunk_supports_is_silent():
    invented = "Sailors from Bergen painted the lighthouse green in 1871."
    assert sign(record(*ranked(POOL, (TIDE, *OTHERS)), sent=(TIDE, *OTHERS), answer=invented)).state == "silent"


def test_an_unrecorded_prompt_is_unknown():
    assert sign(record(*ranked(POOL, (LAMP,)), sent=None, answer=RIGHT)).state == "unknown"
