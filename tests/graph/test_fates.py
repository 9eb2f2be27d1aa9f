"""Every chunk between pool and prompt has one fate, told from the record."""

import pytest

from traceeval.graph import TraceGraph, build_views, chunk_fates
from traceeval.model import Partial
from traceeval.testing import hits, model, rerank, retrieval, trace

TEXTS = {
    name: f"Chunk {name} speaks of the {thing} of the old harbour, and of nothing else at all."
    for name, thing in zip("abcdef", ("cranes", "bells", "ropes", "tides", "gates", "lamps"), strict=True)
}
POOL = tuple(TEXTS.items())


def prompt(*chunks):
    return model("x", prompt=[("system", "\n".join(text for _, text in chunks)), ("user", "What?")])


def fates(*spans, told=True):
    graph = TraceGraph(trace(*spans, question="What?", answer="x"))
    passages = build_views(graph).answer.passages if told else None
    return {chunk.doc: chunk for chunk in chunk_fates(graph, passages)}


def names(found):
    return {doc: chunk.fate for doc, chunk in found.items()}


def test_a_reranker_that_selects_keeps_all_it_returned():
    found = fates(retrieval(*POOL), rerank(POOL, POOL[1:5]), prompt(*POOL[1:3]))
    assert names(found) == {
        "a": "ranked_out",
        "b": "sent",
        "c": "sent",
        "d": "left_out",
        "e": "left_out",
        "f": "ranked_out",
    }
    assert (found["a"].place, found["a"].span, found["b"].rank) == (1, "s2", 1)


def test_a_reranker_that_only_reorders_keeps_as_many_as_the_prompt_holds():
    order = (*POOL[1:], POOL[0])
    assert names(fates(retrieval(*POOL), rerank(POOL, order), prompt(*POOL[1:3])))["a"] == "ranked_out"


def test_without_a_reranker_a_low_place_is_the_first_stages():
    found = fates(retrieval(*POOL), prompt(*POOL[:2]))
    assert names(found)["c"] == "ranked_low"
    assert found["c"].span == "s1"


def test_a_chunk_that_lower_ones_overtook_was_passed_over():
    found = fates(retrieval(*POOL), rerank(POOL, POOL[:4]), prompt(*POOL[1:3]))
    assert (found["a"].fate, found["a"].below) == ("left_out", 2)
    assert (found["d"].fate, found["d"].below) == ("left_out", 0)


def test_a_cut_chunk_keeps_what_is_left():
    text = TEXTS["a"]
    found = fates(retrieval(*POOL), prompt(("a", text[:40]), POOL[1]))
    assert (found["a"].fate, found["a"].left) == ("cut", text[:40].rstrip())
    assert found["b"].in_prompt


def test_two_chunks_of_one_document_have_fates_of_their_own():
    pool = (("a", TEXTS["a"]), ("a", TEXTS["b"]), ("c", TEXTS["c"]))
    graph = TraceGraph(trace(retrieval(*pool), rerank(pool, pool[:1]), prompt(pool[0]), question="What?", answer="x"))
    found = chunk_fates(graph, build_views(graph).answer.passages)
    assert [chunk.fate for chunk in found] == ["sent", "ranked_out", "ranked_out"]


def test_without_a_recorded_prompt_nobody_knows_what_was_sent():
    found = fates(retrieval(*POOL), rerank(POOL, POOL[:2]), model("x"), told=False)
    assert names(found) == {"a": "unknown", "b": "unknown", **dict.fromkeys("cdef", "ranked_out")}


def test_a_reranker_whose_input_was_not_recorded_was_given_the_pool():
    import msgspec

    span = rerank(POOL, POOL[:2])
    bare = msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, before=None))
    assert names(fates(retrieval(*POOL), bare, prompt(*POOL[:2])))["f"] == "ranked_out"


def test_a_hit_without_text_stands_for_its_document():
    found = fates(retrieval(*POOL), rerank([doc for doc, _ in POOL], ["a", "b", "c"]), prompt(*POOL[:2]))
    assert names(found) == {"a": "sent", "b": "sent", "c": "left_out", **dict.fromkeys("def", "ranked_out")}


def test_a_text_that_was_recorded_in_part_says_so():
    import msgspec

    span = retrieval(*POOL[:2])
    half = msgspec.structs.replace(hits(POOL[0])[0], text=Partial(state="cut", value=TEXTS["a"][:30]))
    body = msgspec.structs.replace(span.body, hits=(half, *span.body.hits[1:]))
    found = fates(msgspec.structs.replace(span, body=body), model("x"), told=False)
    assert (found["a"].whole, found["b"].whole) == (False, True)


@pytest.mark.parametrize("spans", [(), (retrieval(),)])
def test_no_chunks_have_no_fates(spans):
    assert fates(*spans, told=False) == {}
