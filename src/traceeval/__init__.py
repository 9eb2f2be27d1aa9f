"""traceeval evaluates RAG pipelines and agents from their traces, each component apart.

>>> import traceeval
>>> run = traceeval.evaluate(traceeval.read(["traces"]))  # doctest: +SKIP
>>> run.summary().components  # doctest: +SKIP

Names are loaded when they are used: ``import traceeval`` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Breach": "traceeval.graph",
    "Finding": "traceeval.model",
    "Gold": "traceeval.model",
    "Reading": "traceeval.graph.views",
    "Reference": "traceeval.model",
    "Replayer": "traceeval.run",
    "Run": "traceeval.run",
    "Score": "traceeval.model",
    "Span": "traceeval.model",
    "Summary": "traceeval.model",
    "Trace": "traceeval.model",
    "TraceGraph": "traceeval.graph",
    "TraceevalError": "traceeval.errors",
    "adapter": "traceeval.registry",
    "diagnosis": "traceeval.registry",
    "evaluate": "traceeval.run",
    "load_tools": "traceeval.graph",
    "policy": "traceeval.graph",
    "read": "traceeval.adapters",
    "read_gold": "traceeval.adapters",
    "risk_rule": "traceeval.registry",
    "scorer": "traceeval.registry",
}

__all__ = sorted([*_HOMES, "__version__"])

if TYPE_CHECKING:
    from traceeval.adapters import read as read
    from traceeval.adapters import read_gold as read_gold
    from traceeval.errors import TraceevalError as TraceevalError
    from traceeval.graph import Breach as Breach
    from traceeval.graph import TraceGraph as TraceGraph
    from traceeval.graph import load_tools as load_tools
    from traceeval.graph import policy as policy
    from traceeval.graph.views import Reading as Reading
    from traceeval.model import Finding as Finding
    from traceeval.model import Gold as Gold
    from traceeval.model import Reference as Reference
    from traceeval.model import Score as Score
    from traceeval.model import Span as Span
    from traceeval.model import Summary as Summary
    from traceeval.model import Trace as Trace
    from traceeval.registry import adapter as adapter
    from traceeval.registry import diagnosis as diagnosis
    from traceeval.registry import risk_rule as risk_rule
    from traceeval.registry import scorer as scorer
    from traceeval.run import Replayer as Replayer
    from traceeval.run import Run as Run
    from traceeval.run import evaluate as evaluate


def __getattr__(name: str) -> Any:
    """Load a public name from its room (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'traceeval' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return list(__all__)
