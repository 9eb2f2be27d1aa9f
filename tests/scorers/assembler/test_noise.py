"""Words beside the point in the prompt that was sent."""

import pytest

from traceeval.graph import TraceGraph, build_views
from traceeval.model import Reference
from traceeval.scorers.assembler.noise import noise
from traceeval.testing import model, retrieval, trace

GOOD = ("doc-a", "one two three four five six")
BAD = ("doc-d", "seven eight nine")
UNJUDGED = ("doc-x", "ten eleven twelve")
GOLD = Reference(documents={"doc-a": 2, "doc-d": 0})


def read(*chunks, prompt=None, gold=GOLD):
    told = "\n".join(text for _, text in chunks) if prompt is None else prompt
    span = model("x", prompt=[("system", told)]) if told is not False else model("x")
    return noise(build_views(TraceGraph(trace(retrieval(*chunks), span, reference=gold))).stages)


def test_non_relevant_words_count_and_unjudged_ones_are_a_third_share():
    reading = read(GOOD, BAD, UNJUDGED)
    assert reading.value == pytest.approx(3 / 12)
    assert reading.why == "unjudged: 0.250 of the words"
    assert reading.units == 3


def test_only_what_reached_the_prompt_counts():
    assert read(GOOD, BAD, prompt=f"Context: {GOOD[1]}").value == 0


def test_no_chunk_in_the_prompt_is_undefined_and_no_prompt_is_failed():
    assert read(GOOD, prompt="Be brief.").status == "undefined"
    assert read(GOOD, prompt=False).status == "failed"
    assert read(GOOD, gold=None).status == "not_applicable"


def test_chunks_without_recorded_text_are_missing_evidence():
    found = trace(retrieval("doc-a"), model("x", prompt=[("system", "[doc-a]")]), reference=GOLD)
    assert noise(build_views(TraceGraph(found)).stages).status == "failed"
