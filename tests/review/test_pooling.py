"""A pool out of traces and runs: the first documents of every search, each with a text from wherever there is one."""

import tracemalloc

import pytest

from traceeval.errors import Refused
from traceeval.review.pooling import searched
from traceeval.testing import retrieval, trace


def run(*questions, docs=("d1", "d2", "d3"), text="text of {}"):
    """Traces of one search each, made anew each time they are read."""
    for question in questions:
        hits = retrieval(*((doc, text.format(doc) if text else None) for doc in docs), query=question)
        yield trace(hits, id=question, question=question, scenario=question)


def test_the_first_documents_of_each_search_are_pooled_with_their_texts():
    found = searched({"a": lambda: run("q1", "q2"), "b": lambda: run("q1", docs=("d9", "d1"))}, {}, (), depth=2)
    assert [(one.question, one.doc, one.depth) for one in found.pooled] == [
        ("q1", "d1", 1), ("q1", "d2", 2), ("q1", "d9", 1), ("q2", "d1", 1), ("q2", "d2", 2),
    ]  # fmt: skip
    assert found.questions == {"q1": "q1", "q2": "q2"}
    assert found.documents == {doc: f"text of {doc}" for doc in ("d1", "d2", "d9")}


@pytest.mark.parametrize("first", ["bare", "told"])
def test_a_text_is_taken_from_any_run_that_holds_one_whatever_comes_first(first):
    runs = {"bare": lambda: run("q1", text=""), "told": lambda: run("q1", docs=("d3", "d2", "d1"))}
    ordered = {name: runs[name] for name in sorted(runs, key=lambda name: name != first)}
    assert searched(ordered, {}, (), depth=1).documents == {"d1": "text of d1", "d3": "text of d3"}


def test_a_corpus_wins_over_the_runs_and_only_what_is_pooled_is_held_of_it():
    corpus = ((f"d{n}", f"corpus {n}") for n in range(1000))
    found = searched({"a": lambda: run("q1", docs=("d1", "e1"))}, {}, corpus)
    assert found.documents == {"d1": "corpus 1", "e1": "text of e1"}


def test_a_document_without_a_text_anywhere_is_refused():
    with pytest.raises(Refused, match="1 of 3 documents have no text, 'd3' first"):
        searched({"a": lambda: run("q1", text="")}, {}, [("d1", "one"), ("d2", "two"), ("d3", "")])


def test_of_a_document_that_is_not_pooled_no_text_is_held():
    """50 searches of 40 documents of 10,000 characters are 20 MB; one of each search is pooled."""
    docs = [f"d{n}" for n in range(40)]
    asked = [f"q{n}" for n in range(50)]
    tracemalloc.start()
    try:
        found = searched(
            {"a": lambda: run(*asked, docs=docs, text="{}" + "x" * 10_000)},
            {},
            ((f"e{n}", f"{n:<10000}") for n in range(1000)),
            depth=1,
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.pooled) == 50
    assert peak < 5_000_000
