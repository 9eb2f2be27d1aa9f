"""Which list was made of which, in pipelines as they are recorded."""

import msgspec
import pytest

from traceeval.graph import TraceGraph, build_views
from traceeval.graph._lists import lists_of
from traceeval.model import Kind, Reference, Rerank, Span
from traceeval.testing import call, hits, model, rerank, retrieval, trace, user


def lists(*spans):
    found = lists_of(TraceGraph(trace(*spans)))
    return {one.id: (one.role, [source.id for source in one.sources]) for one in found.all}


def views(*spans, documents=None, **fields):
    return build_views(TraceGraph(trace(*spans, reference=Reference(documents=documents or {"a": 1}), **fields)))


def unrecorded(*docs, **span):
    made = retrieval(*docs, **span)
    return msgspec.structs.replace(made, body=msgspec.structs.replace(made.body, hits=None))


def reordered(*docs, before=None, model=None, **span):
    """A RERANK span that records what went in only when told."""
    went_in = None if before is None else hits(*before)
    return Span(
        id=span.pop("id", ""), kind=Kind.RERANK, body=Rerank(model=model, before=went_in, after=hits(*docs)), **span
    )


HYBRID = (retrieval("a", "b", id="bm25"), retrieval("c", "b", id="dense"))


def test_a_search_that_reads_others_and_passes_on_what_they_found_is_their_fusion():
    assert lists(*HYBRID, retrieval("b", "a", id="f", reads=("bm25", "dense")))["f"] == ("fusion", ["bm25", "dense"])


def test_a_search_that_encloses_others_is_their_fusion():
    inner = (retrieval("a", id="bm25", parent="f"), retrieval("b", id="dense", parent="f"))
    assert lists(retrieval("b", "a", id="f"), *inner) == {
        "bm25": ("search", []),
        "dense": ("search", []),
        "f": ("fusion", ["bm25", "dense"]),
    }


def test_a_reranker_that_reads_searches_and_records_no_input_is_their_fusion():
    assert lists(*HYBRID, reordered("b", "a", id="f", reads=("bm25", "dense")))["f"][0] == "fusion"
    assert lists(*HYBRID, reordered("b", "a", id="f", reads=("bm25", "dense"), model="m"))["f"][0] == "rerank"


def test_a_reranker_whose_input_repeats_documents_merged_lists():
    assert lists(*HYBRID, reordered("b", "a", before=("a", "b", "c", "b"), id="f"))["f"][0] == "fusion"
    assert lists(*HYBRID, reordered("b", "a", before=("a", "b", "c"), id="f"))["f"][0] == "rerank"


def test_the_first_of_two_rerankers_of_several_searches_merged_them():
    found = lists(*HYBRID, rerank(["a", "b", "c"], ["b", "a"], id="f"), rerank(["b", "a"], ["a"], id="r"))
    assert found["f"] == ("fusion", ["bm25", "dense"])
    assert found["r"] == ("rerank", ["f"])


def test_two_rerankers_of_one_search_are_two_rerankers():
    found = lists(retrieval("a", "b"), rerank(["a", "b"], ["b", "a"], id="one"), rerank(["b", "a"], ["a"], id="two"))
    assert [found[id_][0] for id_ in ("one", "two")] == ["rerank", "rerank"]


def test_a_second_hop_that_reads_the_first_in_order_to_ask_is_a_search_of_its_own():
    assert lists(retrieval("a", id="one"), retrieval("b", id="two", reads=("one",)))["two"] == ("search", [])


def test_each_reranker_of_two_hops_takes_the_list_of_its_own_hop():
    found = lists(
        retrieval("a", "b", id="s1"), rerank(["a", "b"], ["b"], id="r1"),
        retrieval("b", "c", id="s2"), rerank(["b", "c"], ["c"], id="r2"),
    )  # fmt: skip
    assert (found["r1"][1], found["r2"][1]) == (["s1"], ["s2"])


def test_a_reranker_behind_a_fusion_takes_nothing_beside_it():
    fusion = retrieval("b", "a", id="f", reads=("bm25", "dense"))
    beside = retrieval("a", id="beside", query="another")
    assert lists(*HYBRID, beside, fusion, rerank(["b", "a"], ["a"], id="r"))["r"][1] == ["f"]
    assert lists(*HYBRID, beside, fusion, rerank(["a"], ["a"], id="r"))["r"][1] == ["f"]


def test_a_reranker_that_was_given_nothing_took_the_list_that_holds_nothing():
    fusion = retrieval(id="f", reads=("bm25", "dense"))
    beside = retrieval("a", id="beside", query="another")
    assert lists(*HYBRID, beside, fusion, rerank([], [], id="r"))["r"][1] == ["f"]


def test_a_reranker_whose_input_names_other_ids_reorders_what_was_found_before_it():
    assert lists(retrieval("a", id="s"), rerank(["a#1"], ["a#1"], id="r"))["r"] == ("rerank", ["s"])


def test_a_retriever_around_a_search_and_its_reranker_hands_on_what_was_reranked():
    inner = (retrieval("a", "b", "c", id="s", parent="w"), rerank(["a", "b", "c"], ["c", "a"], id="r", parent="w"))
    seen = views(retrieval("c", "a", id="w"), *inner)
    assert (seen.stages.pool, seen.stages.ranked) == (("a", "b", "c"), ("c", "a"))
    assert seen.retrieval.docs == ("a", "b", "c")


def test_spans_that_read_each_other_lose_nothing():
    found = views(retrieval("a", "b", id="one", reads=("two",)), retrieval("a", "b", id="two", reads=("one",)))
    assert found.stages.pool == ("a", "b")


def test_the_pool_is_what_the_fusion_handed_on():
    seen = views(*HYBRID, retrieval("b", "a", id="f", reads=("bm25", "dense")))
    assert (seen.stages.pool, seen.retrieval.docs, seen.retrieval.span) == (("b", "a"), ("b", "a"), "f")
    assert seen.stages.fusions == ("f",)
    assert [(one.span, one.docs) for one in seen.stages.searches] == [("bm25", ("a", "b")), ("dense", ("c", "b"))]


def test_the_pool_of_a_reranker_is_what_it_was_given():
    seen = views(retrieval("a", "b", "c"), rerank(["b", "c"], ["c"]))
    assert (seen.stages.pool, seen.retrieval.docs) == (("b", "c"), ("a", "b", "c"))


def test_independent_searches_are_a_pool_together_and_so_are_their_reranked_lists():
    hops = (retrieval("a", "b"), rerank(["a", "b"], ["b"]), retrieval("c", "d"), rerank(["c", "d"], ["d", "c"]))
    seen = views(*hops, retrieval("e")).stages
    assert seen.pool == ("a", "c", "e", "b", "d")
    assert seen.ranked == ("b", "d", "e", "c")


def test_a_search_that_was_not_recorded_leaves_the_pool_unknown():
    seen = views(retrieval("a"), unrecorded())
    assert (seen.retrieval.hits, seen.stages.pool) == (None, None)


@pytest.mark.parametrize(
    "spans",
    [
        (unrecorded(id="w"), retrieval("a", parent="w")),
        (retrieval("a", id="s"), unrecorded(parent="s")),
        (unrecorded(id="s"), retrieval("a"), retrieval("a", reads=("s", "s2"))),
    ],
    ids=["around a recorded one", "within a recorded one", "merged into a recorded one"],
)
def test_an_unrecorded_search_is_no_gap_where_a_recorded_list_stands_for_it(spans):
    assert views(*spans).stages.pool == ("a",)


def test_a_search_that_failed_beside_others_found_nothing():
    from traceeval.model import Fault

    assert views(retrieval("a"), unrecorded(error=Fault(message="down"))).stages.pool == ("a",)


def test_what_a_reranker_was_given_is_known_though_a_search_was_not_recorded():
    seen = views(retrieval("a"), unrecorded(), rerank(["a", "b"], ["b"]))
    assert (seen.retrieval.hits, seen.stages.pool) == (None, ("a", "b"))


def prompt(*docs):
    return model("x", prompt=[("system", " ".join(f"[{doc}]" for doc in docs))])


def probes(*spans):
    return {one.span: one.probe for one in views(*spans).stages.searches}


def asked(*docs, query, id, **more):
    return retrieval(*docs, query=query, id=id, source="kb", **more)


def test_a_search_nobody_reads_beside_a_read_one_of_the_same_retriever_is_a_probe():
    spans = (asked("doc-a", query="the question", id="s1"), asked("doc-b", query="the rewritten one", id="s2"))
    assert probes(*spans, rerank(["doc-b"], ["doc-b"], reads=("s2",))) == {"s1": "query", "s2": None}
    assert views(*spans, rerank(["doc-b"], ["doc-b"], reads=("s2",))).retrieval.docs == ("doc-b",)


def test_without_reads_no_search_is_a_probe():
    spans = (asked("doc-a", query="one", id="s1"), asked("doc-b", query="two", id="s2"), rerank(["doc-b"], ["doc-b"]))
    assert set(probes(*spans).values()) == {None}


def test_a_search_whose_documents_reached_the_prompt_is_no_probe():
    spans = (asked("doc-a", query="one", id="s1"), asked("doc-b", query="two", id="s2"))
    used = msgspec.structs.replace(prompt("doc-b"), reads=("s2",))
    both = msgspec.structs.replace(prompt("doc-b", "doc-a"), reads=("s2",))
    assert probes(*spans, used)["s1"] == "query"
    assert probes(*spans, both)["s1"] is None


def test_a_tool_that_is_read_has_its_search_read():
    spans = (asked("doc-a", query="one", id="s1", parent="t1"), asked("doc-b", query="two", id="s2", parent="t2"))
    tools = (call("look", {}, "x", id="t1"), spans[0], call("look", {}, "y", id="t2"), spans[1])
    assert set(probes(*tools, model("x", reads=("t1", "t2"))).values()) == {None}
    assert probes(*tools, model("x", reads=("t2",)))["s1"] == "query"


def test_the_same_query_without_the_filter_is_the_unfiltered_list():
    spans = (
        asked("doc-a", "doc-b", query="Q", id="s1"),
        asked("doc-b", query="q", id="s2", unfiltered=("doc-b", "doc-c")),
    )
    found = views(*spans, model("x", reads=("s2",))).stages.searches
    assert [(one.probe, one.unfiltered) for one in found] == [
        ("filter", None),
        (None, ("doc-b", "doc-c", "doc-a", "doc-b")),
    ]


def test_another_retriever_is_never_a_probe():
    spans = (retrieval("doc-a", query="one", source="bm25"), retrieval("doc-b", query="two", source="dense", id="s2"))
    assert set(probes(*spans, model("x", reads=("s2",))).values()) == {None}


def test_ten_thousand_searches_and_rerankers_hang_together_in_linear_time():
    spans = [user("q")]
    for at in range(5_000):
        spans += [retrieval(f"d{at}", id=f"s{at}x"), rerank([f"d{at}"], [f"d{at}"], id=f"r{at}x")]
    assert len(views(*spans).stages.ranked) == 5_000
