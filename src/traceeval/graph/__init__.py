"""A Trace as a graph, what scorers may see of it, and all that is known of it."""

from traceeval.graph._build import Views, build_views
from traceeval.graph._call import Call
from traceeval.graph._dossier import Dossier
from traceeval.graph._draft import Draft, Drafts, Line
from traceeval.graph._entities import Entities
from traceeval.graph._facts import (
    Given,
    Recalled,
    declines,
    declines_in_part,
    given_facts,
    gold_facts,
    holds_context,
    in_context,
    recalled_facts,
    right_facts,
    unanswerable,
)
from traceeval.graph._fates import ChunkFate, chunk_fates
from traceeval.graph._flow import Flow, Flows, Leaf
from traceeval.graph._judgements import Judgements
from traceeval.graph._labels import Exposure, Label, Labels
from traceeval.graph._observed import Observation, Observed
from traceeval.graph._payload import Record, done, last_read, newest, payload, records
from traceeval.graph._plan import check_reference, plan_of
from traceeval.graph._rules import Breach, PolicyRule, load_rules, policy
from traceeval.graph._spent import spent
from traceeval.graph._stages import candidates
from traceeval.graph._tools import ToolBook, load_tools
from traceeval.graph._trace_graph import TraceGraph
from traceeval.graph._usual import Survey, Usual

__all__ = [
    "Breach",
    "build_views",
    "Call",
    "candidates",
    "check_reference",
    "chunk_fates",
    "ChunkFate",
    "declines",
    "declines_in_part",
    "done",
    "Dossier",
    "Draft",
    "Drafts",
    "Entities",
    "Exposure",
    "Flow",
    "Flows",
    "Given",
    "given_facts",
    "gold_facts",
    "holds_context",
    "in_context",
    "Judgements",
    "Label",
    "Labels",
    "last_read",
    "Leaf",
    "Line",
    "load_rules",
    "load_tools",
    "Observation",
    "Observed",
    "newest",
    "payload",
    "plan_of",
    "Recalled",
    "recalled_facts",
    "right_facts",
    "policy",
    "PolicyRule",
    "Record",
    "records",
    "spent",
    "Survey",
    "ToolBook",
    "TraceGraph",
    "unanswerable",
    "Usual",
    "Views",
]
