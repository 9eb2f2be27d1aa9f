"""The question's words against everything retrieved."""

import pytest
from tests.diagnose.signals._desk import LAMP, OTHERS, POOL, TIDE, found, record

from traceeval.diagnose._signals.unmet_question import sign
from traceeval.model import Component, Partial
from traceeval.testing import hits, model, rerank, retrieval


def test_it_is_silent_when_a_chunk_meets_all_of_the_question():
    assert sign(record(found(*POOL), sent=POOL)).state == "silent"


def test_what_stands_in_no_chunk_is_named():
    told = sign(record(found(TIDE, *OTHERS), sent=OTHERS))
    assert (told.state, told.component) == ("speaks", Component.RETRIEVER)
    assert "'lamp'" in told.text
    assert told.strength > 0.5
    assert told.evidence[0].field == "tide"


def test_an_empty_result_is_as_strong_as_can_be():
    told = sign(record(found()))
    assert (told.strength, told.text) == (1.0, "nothing was retrieved")


def test_it_is_unknown_when_the_pool_was_not_recorded():
    bare = retrieval()
    import msgspec

    bare = msgspec.structs.replace(bare, body=msgspec.structs.replace(bare.body, hits=None))
    assert sign(record(bare)).state == "unknown"
    assert sign(record(rerank(POOL, (LAMP,)), sent=(LAMP,))).state == "unknown"


@pytest.mark.parametrize("text", [None, Partial(state="cut", value="The harbour")])
def test_it_is_unknown_when_a_text_was_not_recorded_whole(text):
    import msgspec

    span = found(*OTHERS)
    extra = msgspec.structs.replace(hits(LAMP)[0], text=text, rank=9)
    span = msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, hits=(*span.body.hits, extra)))
    told = sign(record(span, sent=OTHERS))
    assert (told.state, told.strength) == ("unknown", None)
    assert "not recorded whole" in told.missing


def test_a_model_call_without_retrieval_has_no_pool():
    assert record(model("x")).chunks == ()
