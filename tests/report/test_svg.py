"""The drawing of a trace: the same bytes for the same trace, well-formed whatever the trace says."""

from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from traceeval.graph import TraceGraph
from traceeval.model import Component, Finding, Subject, Trace
from traceeval.report import _layout, draw
from traceeval.testing import call, model, retrieval, trace

GOLDEN = Path(__file__).with_name("cyclic.svg")

SAMPLE = trace(retrieval(("a", "one")), model('<b> & "two"'), answer="two")


def test_the_same_trace_gives_the_same_bytes():
    assert draw(TraceGraph(SAMPLE)) == draw(TraceGraph(SAMPLE))


def cyclic():
    """Six calls, each read by the next and the last by the first; what stands where is no matter of sets."""
    calls = [msgspec.structs.replace(call("look", {"n": n}), id=f"s{n}", seq=n) for n in range(6)]
    read = [msgspec.structs.replace(one, reads=(f"s{(one.seq - 1) % 6}",)) for one in calls]
    return Trace(id="cyclic", spans=tuple(read), schema_version="traceeval/1")


def test_a_trace_that_runs_in_circles_is_drawn_as_it_always_was():
    """The file holds the bytes that were looked at; whoever changes the drawing looks again and writes it anew."""
    assert draw(TraceGraph(cyclic()), alone=False) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_a_drawing_in_another_order_is_found(monkeypatch):
    monkeypatch.setattr(_layout, "_when", lambda span: -span.seq)
    with pytest.raises(AssertionError):
        test_a_trace_that_runs_in_circles_is_drawn_as_it_always_was()


def test_a_drawing_is_well_formed_and_described():
    root = ElementTree.fromstring(draw(TraceGraph(SAMPLE)))
    assert root.tag.endswith("svg")
    assert root.attrib["aria-label"].startswith("Graph of 3 spans")


def test_a_finding_marks_its_span():
    finding = Finding(
        code="generator.unsupported_claim",
        component=Component.GENERATOR,
        subject=Subject(trace="t", span="s2"),
        severity=4,
        text="nothing says so",
    )
    assert draw(TraceGraph(SAMPLE)).count('<g class="te-badge') == 0
    assert draw(TraceGraph(SAMPLE), [finding]).count('<g class="te-badge te-s4') == 1


def test_a_trace_without_spans_is_drawn():
    drawn = ElementTree.fromstring(draw(TraceGraph(msgspec.structs.replace(trace(), spans=()))))
    assert drawn.get("aria-label") == "Graph of 0 spans; 0 folded"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("rerank", "rerank"),
        ("iiiiiiiiiiiiiiiiii", "iiiiiiiiiiiiiiiiii"),
        ("KnowledgeRetriever", "KnowledgeR…"),
        ("proximity_reranker", "proximity_re…"),
        ("検索検索検索検索検索", "検索検索検索検…"),
    ],
)
def test_a_name_wider_than_its_card_ends_in_an_ellipsis_and_is_whole_in_the_title(name, told):
    drawn = draw(TraceGraph(trace(call(name, {}))))
    assert f">{told}</text>" in drawn
    assert f"<title>tool: {name}" in drawn


def test_words_of_ours_are_said_as_a_page_says_them_and_names_are_not():
    drawn = draw(TraceGraph(trace(call("tool", {}))), say=lambda word: {"tool": "Werkzeug"}.get(word, word))
    assert (">tool</text>" in drawn, "<title>Werkzeug: tool" in drawn, ">Werkzeug" in drawn) == (True, True, True)
