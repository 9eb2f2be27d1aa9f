"""The drawing of a trace: the same bytes for the same trace, well-formed whatever the trace says."""

from xml.etree import ElementTree

import msgspec

from traceeval.graph import TraceGraph
from traceeval.model import Component, Finding, Subject
from traceeval.report import draw
from traceeval.testing import model, retrieval, trace

SAMPLE = trace(retrieval(("a", "one")), model('<b> & "two"'), answer="two")


def test_the_same_trace_gives_the_same_bytes():
    assert draw(TraceGraph(SAMPLE)) == draw(TraceGraph(SAMPLE))


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
