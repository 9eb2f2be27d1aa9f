"""Runs one rule over spans: its defects, and the inputs it says it lacked."""

from dataclasses import replace

from traceeval.graph import ToolBook, TraceGraph, build_views
from traceeval.model import Policy, ToolSpec
from traceeval.registry import Diagnosis, Registry
from traceeval.testing import dossier_of, trace

RULES = Registry("traceeval.diagnose", Diagnosis)


def tool(name, effect="read", **fields):
    return ToolSpec(name=name, effect=effect, basis="declared", **fields)


SPECS = [
    tool("get_order", entity=("id",), arg_roles={"id": "resource"}),
    tool("search_items", arg_roles={}),
    tool("track_parcel", volatile=True),
    tool(
        "pay_order",
        "write",
        entity=("id",),
        arg_roles={"id": "resource", "amount": "amount"},
        confirm="always",
        idempotent=False,
    ),
    tool("cancel_order", "write", entity=("id",), arg_roles={"id": "resource"}, confirm="always", idempotent=True),
    tool("transfer_to_human_agents", "pure", ends=True),
]


def run(code, *spans, specs=SPECS, policy=None, usual=None, **fields):
    graph = TraceGraph(trace(*spans, **fields), ToolBook({spec.name: spec for spec in specs}))
    views = build_views(graph)
    dossier = replace(dossier_of(graph.trace), graph=graph, answer=views.answer, calls=views.calls)
    return list(RULES.get(code).call(replace(dossier, policy=policy or Policy(), usual=usual)))


def found(code, *spans, **fields):
    return [finding for finding in run(code, *spans, **fields) if finding.state == "defect"]


def lacking(code, *spans, **fields):
    return [name for finding in run(code, *spans, **fields) if finding.state == "unknown" for name in finding.missing]
