"""Nine reads and one write, as in metrics.md section 8."""

from traceeval.graph import ToolBook, TraceGraph, build_views
from traceeval.model import Reference, ToolSpec
from traceeval.registry import Registry, Scorer
from traceeval.testing import call, expect, trace

SCORERS = Registry("traceeval.scorers", Scorer)
SPECS = {name: ToolSpec(name=name, effect="read") for name in ("look", "list", "find")} | {
    "pay": ToolSpec(name="pay", effect="write"),
    "add": ToolSpec(name="add", effect="pure"),
    "odd": ToolSpec(name="odd", effect="unknown"),
}
READS = [expect("look", {"n": n}) for n in range(9)]
TEN = [*READS, expect("pay", {"to": "A"})]


def looked(*numbers):
    return [call("look", {"n": n}) for n in numbers]


PAID = call("pay", {"to": "A"})


def view(called, expected=None, /, state=None, **reference):
    made = trace(
        *called, state=state, reference=Reference(calls=None if expected is None else tuple(expected), **reference)
    )
    return build_views(TraceGraph(made, ToolBook(SPECS))).calls


def reading(name, called, expected=None, /, options=None, **reference):
    return SCORERS.get(f"planner.{name}").call(view(called, expected, **reference), **(options or {}))
