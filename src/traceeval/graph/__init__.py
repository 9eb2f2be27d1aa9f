"""A Trace as a graph, what scorers may see of it, and all that is known of it."""

from traceeval.graph._build import Views, build_views
from traceeval.graph._call import Call
from traceeval.graph._dossier import Dossier
from traceeval.graph._tools import ToolBook
from traceeval.graph._trace_graph import TraceGraph

__all__ = ["Call", "Dossier", "ToolBook", "TraceGraph", "Views", "build_views"]
