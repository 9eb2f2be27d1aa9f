"""What the ranking lost of the question."""

import pytest
from tests.diagnose.signals._desk import LAMP, OTHERS, POOL, TIDE, found, ranked, record

from traceeval.diagnose._signals.ranked_out import sign
from traceeval.model import Component


def test_a_dropped_chunk_that_meets_more_than_what_was_kept_is_the_rerankers():
    told = sign(record(*ranked(POOL, (TIDE, *OTHERS)), sent=(TIDE, *OTHERS)))
    assert (told.state, told.component, told.evidence[0].span) == ("speaks", Component.RERANKER, "s2")
    assert told.text.startswith("lamp meets 100 %")
    assert "harbour lamp burns for 40 hours" in told.evidence[0].quote


def test_it_is_as_strong_as_the_difference():
    kept = record(*ranked(POOL, (TIDE, *OTHERS)), sent=(TIDE, *OTHERS))
    assert sign(kept).strength == pytest.approx(kept.pool.share - kept.ranked.share)


def test_without_a_reranker_it_is_the_retrievers():
    assert sign(record(found(TIDE, *OTHERS, LAMP), sent=(TIDE, *OTHERS))).component is Component.RETRIEVER


def test_it_is_unknown_when_a_text_was_not_recorded():
    told = sign(record(*ranked((LAMP, TIDE, "bare"), (TIDE,)), sent=(TIDE,)))
    assert (told.state, told.component) == ("unknown", Component.RERANKER)


def test_dropping_what_meets_less_is_what_rerankers_are_for():
    assert sign(record(*ranked(POOL, (LAMP, TIDE)), sent=(LAMP, TIDE))).state == "silent"
