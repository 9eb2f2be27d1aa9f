"""What scorers see: merged searches, the prompt that was sent, passages of every kind."""

from traceeval.graph import TraceGraph, build_views
from traceeval.model import Partial, Reference
from traceeval.testing import call, hits, model, rerank, retrieval, trace, user

LONG = "The refund is paid within seven working days after the parcel has reached the warehouse in Oslo."


def views(*spans, **fields):
    return build_views(TraceGraph(trace(*spans, **fields)))


def test_several_searches_are_merged_by_rank_without_duplicates():
    assert views(retrieval("a", "b"), retrieval("c", "a")).retrieval.docs == ("a", "c", "b")


def test_the_prompt_decides_what_was_packed_and_in_which_order():
    pool = (("a", "Alpha text stands here."), ("b", "Beta text stands here."), ("c", "Gamma."))
    seen = views(
        retrieval(*pool), model("x", prompt=[("system", "Beta text\n stands here. Alpha text stands here.")])
    ).stages
    assert seen.packed == ("b", "a")


def test_a_cut_chunk_is_packed_and_marked_and_its_passage_is_what_is_left():
    found = views(retrieval(("a", LONG)), model("x", prompt=[("system", f"Context: {LONG[:60]}")]))
    assert found.stages.cut == {"a"}
    assert found.answer.passages[0].text == LONG[:60]


def test_without_a_recorded_prompt_nothing_is_said_of_packing():
    assert views(retrieval(("a", LONG)), model("x")).stages.packed is None


def test_tool_results_and_user_turns_are_passages():
    found = views(user("I am Bo."), call("get", {}, "Total 40."), model("x", prompt=[("user", "I am Bo.")])).answer
    assert {passage.kind for passage in found.passages} == {"tool", "user"}


def test_pasted_context_is_a_passage_where_nothing_else_was_recorded():
    found = views(model("x", prompt=[("system", "The Nile is long."), ("user", "How long?")])).answer
    assert found.passages[0].kind == "prompt"


def test_a_cut_prompt_makes_the_answer_incomplete():
    import msgspec

    from traceeval.model import Message

    span = model("x", prompt=[("system", "a")])
    cut = msgspec.structs.replace(
        span.body, messages=(Message(role="system", content=Partial(state="cut", value="a")),)
    )
    found = views(msgspec.structs.replace(span, body=cut)).answer
    assert (found.complete, found.gap) == (False, "messages.0")


def test_a_trace_without_retrieval_has_no_retrieval_views():
    found = views(model("x"))
    assert (found.retrieval, found.stages) == (None, None)


def test_the_pool_of_a_lone_reranker_is_what_went_in():
    found = views(rerank(["a", "b"], ["b"]), reference=Reference(documents={"b": 1})).stages
    assert (found.pool, found.ranked) == (("a", "b"), ("b",))
    assert hits("a")[0].rank == 1
