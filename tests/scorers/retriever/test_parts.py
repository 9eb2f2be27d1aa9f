"""The parts of the retrieval loss through real traces: hybrid, rewritten, filtered, with documents in no index."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.graph import TraceGraph, build_views
from traceeval.measures.retrieval_loss import PARTS
from traceeval.model import Reference
from traceeval.registry import Registry, Scorer
from traceeval.testing import model, rerank, retrieval, trace

SCORERS = Registry("traceeval.scorers", Scorer)
PART_NAMES = [f"retriever.{part}_loss" for part in PARTS]
DOCS = [f"doc-{n}" for n in range(12)]
SIDES = {"bm25": DOCS[:6], "dense": DOCS[6:]}  # what each retriever alone can find


def hybrid(documents, **lost):
    """Two retrievers, probed with another query, filtered, merged, reranked, sent. ``lost``: stage -> documents.

    Every list is in the best order, but for ``rerank``, which pushes its documents to the end.
    """

    def left(docs, *stages):
        gone = {doc for stage in stages for doc in lost.get(stage, ())}
        return sorted((doc for doc in docs if doc not in gone), key=lambda doc: -documents.get(doc, 0))

    spans = []
    for name, docs in SIDES.items():
        known = left(docs, "corpus", name)
        asked, kept = left(known, "query"), left(known, "query", "filter")
        spans.append(retrieval(*known, query="as asked", source=name, id=f"{name}-probe"))
        spans.append(retrieval(*kept, query="rewritten", source=name, id=name, unfiltered=asked))
    fused = left(DOCS, "corpus", *SIDES, "query", "filter", "fusion")
    ranked = sorted(fused, key=lambda doc: doc in lost.get("rerank", ()))
    sent = [doc for doc in ranked if doc not in lost.get("assembly", ())]
    return trace(
        *spans,
        retrieval(*fused, id="fusion", reads=("bm25", "dense")),
        rerank(fused, ranked, id="rerank"),
        model("x", prompt=[("system", "\n".join(f"[{doc}]" for doc in sent) or "nothing")]),
        reference=Reference(documents=documents, absent=tuple(lost.get("corpus", ()))),
    )


def scores(sample, k=10):
    """Every term and part: name -> value; of several searches ``search:<span>``."""
    view = build_views(TraceGraph(sample)).stages
    found = {}
    for name in ("retriever.loss", "reranker.loss", "assembler.loss", "retriever.search_loss", *PART_NAMES):
        readings = SCORERS.get(name).call(view, k=k)
        for reading in readings if isinstance(readings, tuple) else (readings,):
            found[f"search:{reading.span}" if name.endswith("search_loss") else name] = reading.value
    return found


def reading(name, *spans, documents=None, **reference):
    sample = trace(*spans, reference=Reference(documents=documents or {"a": 1, "b": 1, "c": 1}, **reference))
    return SCORERS.get(name).call(build_views(TraceGraph(sample)).stages)


STAGES = {
    "corpus": "retriever.corpus_loss",
    "bm25": "search:bm25",
    "dense": "search:dense",
    "query": "retriever.query_loss",
    "filter": "retriever.filter_loss",
    "fusion": "retriever.fusion_loss",
    "rerank": "reranker.loss",
    "assembly": "assembler.loss",
}


@settings(deadline=None, max_examples=150)
@given(
    st.dictionaries(st.sampled_from(DOCS), st.integers(0, 3)),
    st.dictionaries(st.sampled_from(sorted(STAGES)), st.frozensets(st.sampled_from(DOCS), max_size=5)),
    st.sampled_from([1, 3, 10]),
)
def test_the_parts_of_any_trace_add_up(documents, lost, k):
    found = scores(hybrid({**documents, "doc-0": 2}, **lost), k)
    parts = [found[name] for name in PART_NAMES]
    assert abs(sum(parts) - found["retriever.loss"]) < 1e-12
    assert abs(found["search:bm25"] + found["search:dense"] - found["retriever.recall_loss"]) < 1e-12
    assert all(0 <= part <= 1 for part in parts)


@pytest.mark.parametrize("broken", STAGES)
def test_breaking_one_stage_charges_that_stage(broken):
    rng = random.Random(17)
    added = charged = 0.0
    for _ in range(150):
        documents = {doc: rng.randint(1, 3) for doc in DOCS[2:10]}
        docs = [doc for doc in SIDES.get(broken, DOCS) if doc in documents]
        whole = scores(hybrid(documents))
        after = scores(hybrid(documents, **{broken: rng.sample(docs, 2)}))
        added += total(after) - total(whole)
        charged += after[STAGES[broken]] - whole[STAGES[broken]]
    assert added > 1
    assert charged / added >= 0.95


def total(found):
    return found["retriever.loss"] + found["reranker.loss"] + found["assembler.loss"]


def test_a_plain_search_has_no_parts_but_recall():
    for name in PART_NAMES:
        found = reading(name, retrieval("a"))
        if name == "retriever.recall_loss":
            assert found.value == reading("retriever.loss", retrieval("a")).value
            assert found.why == "lost: b, c"
        else:
            assert (found.status, found.why.partition(":")[0]) == ("not_applicable", "not_recorded")
    assert reading("retriever.search_loss", retrieval("a")).status == "not_applicable"


@pytest.mark.parametrize("name", [*PART_NAMES, "retriever.search_loss"])
def test_what_cannot_be_had_is_told_apart(name):
    spans = hybrid({"doc-0": 1}).spans[1:]
    call = SCORERS.get(name).call
    for documents, status in ((None, "not_applicable"), ({"doc-0": 0}, "undefined")):
        sample = trace(*spans, reference=Reference(documents=documents, absent=()))
        found = call(build_views(TraceGraph(sample)).stages)
        assert [one.status for one in (found if isinstance(found, tuple) else (found,))] == [status]


def test_a_declared_corpus_without_gaps_loses_nothing():
    assert reading("retriever.corpus_loss", retrieval("a"), absent=()).value == 0
    assert reading("retriever.corpus_loss", retrieval("a"), absent=("c",)).why == "lost: c"


def test_what_the_merging_of_lists_lost_is_told():
    spans = (retrieval("a", "b", id="s1"), retrieval("x", id="s2"), retrieval("a", "x", reads=("s1", "s2")))
    found = reading("retriever.fusion_loss", *spans)
    assert found.why == "lost: b"
    assert found.value > 0


def test_what_went_into_a_reranker_is_all_it_could_have_ranked():
    """What was cut before the reranker saw it is not the reranker's loss."""
    spans = (retrieval("a", "b", "x"), rerank(["b", "x"], ["b", "x"]))
    assert reading("retriever.fusion_loss", *spans).why == "lost: a"
    assert reading("reranker.loss", *spans).value == 0


def test_hops_of_an_agent_are_a_pool_together_and_each_says_what_it_brought():
    spans = (retrieval("a", "x", query="who", id="s1"), retrieval("b", "y", query="when", id="s2"))
    assert reading("retriever.fusion_loss", *spans).status == "not_applicable"
    assert reading("retriever.query_loss", *spans).status == "not_applicable"
    first, second = reading("retriever.search_loss", *spans)
    assert (first.span, second.span) == ("s1", "s2")
    assert (first.why, second.why) == ("alone: 0.531 lost; only it found a", "alone: 0.531 lost; only it found b")
    assert first.value + second.value == pytest.approx(reading("retriever.recall_loss", *spans).value, abs=1e-12)


def test_documents_only_the_fusion_shows_came_through_its_searches():
    spans = (retrieval("x", id="s1"), retrieval("y", id="s2", parent="f"))
    one, other = reading("retriever.search_loss", spans[0], retrieval("a", "y", id="f", reads=("s1", "s2")), spans[1])
    assert one.value == other.value
