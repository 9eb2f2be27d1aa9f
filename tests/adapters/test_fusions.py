"""A step that merges the lists of searches is found by what goes in and out, whatever it is called."""

import json

import pytest

from traceeval.graph import TraceGraph, build_views
from traceeval.model import Basis, Kind

KIND = "openinference.span.kind"


def documents(*names):
    return [{"page_content": f"Text of {name}.", "metadata": {"id": name}} for name in names]


def search(otlp, name, at, *found):
    rows = {
        f"retrieval.documents.{i}.document.{key}": value
        for i, doc in enumerate(found)
        for key, value in (("id", doc), ("content", f"Text of {doc}."))
    }
    return otlp.span(name, "agent", at=at, **{KIND: "RETRIEVER", "input.value": "q", **rows})


def merging(otlp, given, kept, name="step"):
    values = {"input.value": json.dumps(given), "output.value": json.dumps(kept)}
    return otlp.span(name, "agent", at=5, **{KIND: "CHAIN", **values})


def read(otlp, read_bytes, step):
    agent = otlp.span("agent", at=0, end=20, **{KIND: "AGENT", "input.value": "q"})
    spans = [agent, search(otlp, "bm25", 1, "a", "b"), search(otlp, "dense", 3, "c", "b"), step]
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    return trace, {span.name: span for span in trace.spans}, notes


LISTS = documents("a", "b"), documents("c", "b")


@pytest.mark.parametrize(
    "given",
    [
        [[[doc, 0.5] for doc in listed] for listed in LISTS],
        list(LISTS),
        {"bm25": LISTS[0], "dense": LISTS[1]},
        {"query": "q", "results": list(LISTS), "k": 60},
    ],
    ids=["with scores", "list of lists", "by name", "one level in"],
)
def test_a_step_that_takes_the_lists_of_two_searches_is_their_fusion(otlp, read_bytes, given):
    trace, spans, notes = read(otlp, read_bytes, merging(otlp, given, documents("b", "a")))
    step = spans["step"]
    assert (step.kind, step.basis) == (Kind.RETRIEVAL, Basis.INFERRED)
    assert step.reads == (spans["bm25"].id, spans["dense"].id)
    assert [hit.doc for hit in step.body.hits] == ["b", "a"]
    assert "kind.inferred" in {note.code for note in notes}
    stages = build_views(TraceGraph(trace)).stages
    assert (stages.pool, stages.fusions) == (("b", "a"), (step.id,))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (list(LISTS), documents("b", "elsewhere")),
        ([documents("a", "b"), documents("x", "y")], documents("a")),
        (list(LISTS), "done"),
        ("{", documents("a")),
    ],
    ids=["returns another document", "takes another list", "returns no list", "no input"],
)
def test_any_other_step_is_none(otlp, read_bytes, given, kept):
    _, spans, _ = read(otlp, read_bytes, merging(otlp, given, kept))
    assert spans["step"].kind is not Kind.RETRIEVAL


@pytest.mark.parametrize(
    ("metadata", "offsets"),
    [
        ({"start_index": 100}, (100, 110)),
        ({"start_char_idx": 100, "end_char_idx": 250}, (100, 250)),
        ({"start_index": True}, None),
        ({"start_index": -1}, None),
        ({"start_char_idx": 100, "end_char_idx": 100}, None),
        ({}, None),
    ],
)
def test_where_a_chunk_stands_in_its_document_is_read_from_what_splitters_note(otlp, read_bytes, metadata, offsets):
    row = {"content": "Ten chars.", "id": "a", "metadata": json.dumps(metadata)}
    rows = {f"retrieval.documents.0.document.{key}": value for key, value in row.items()}
    (trace,), _, _ = read_bytes(json.dumps(otlp.export(otlp.span("s", **{KIND: "RETRIEVER", **rows}))))
    assert trace.spans[0].body.hits[0].offsets == offsets
