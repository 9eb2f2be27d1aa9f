"""The tools of metrics.md section 7.3: ``f(x: int, limit: int = 10)`` reads, ``rm`` writes."""

from traceeval.graph import ToolBook, TraceGraph, build_views
from traceeval.graph._matching import match_calls
from traceeval.model import Reference, ToolSpec
from traceeval.registry import Registry, Scorer
from traceeval.testing import call, trace

SCHEMA = {
    "type": "object",
    "properties": {"x": {"type": "integer"}, "limit": {"type": "integer", "default": 10}},
    "required": ["x"],
}
SPECS = {
    "f": ToolSpec(name="f", effect="read", parameters=SCHEMA),
    "rm": ToolSpec(name="rm", effect="write"),
    "w": ToolSpec(name="w", effect="write", idempotent=False),
    "u": ToolSpec(name="u", effect="unknown"),
    "g": ToolSpec(name="g", effect="read"),
}
SCORERS = Registry("traceeval.scorers", Scorer)


def f(x, **more):
    return call("f", {"x": x, **more})


def view(called, expected, **reference):
    made = trace(*called, reference=Reference(calls=None if expected is None else tuple(expected), **reference))
    return build_views(TraceGraph(made, ToolBook(SPECS))).calls


def classes(called, expected, **reference):
    return [one.kind for one in match_calls(view(called, expected, **reference)).calls]


def score(name, called, expected, **options):
    return SCORERS.get(f"tool.{name}").call(view(called, expected), **options)


def prf(called, expected, **options):
    """Precision, recall, F1, then exact; U where undefined."""
    return tuple(_shown(score(name, called, expected, **options)) for name in ("precision", "recall", "f1", "exact"))


def _shown(reading):
    if reading.status == "scored":
        return round(reading.value, 3)
    return "U" if reading.status == "undefined" else (reading.status, reading.bounds)
