"""Scenario suites replayed: it yields Traces; ``run`` scores them, ``compare`` judges what came of them."""

from traceeval.replay.gate import load_gate
from traceeval.replay.load import Suite, load_suite
from traceeval.replay.matrix import Planned, cells_of, plan, planned_of
from traceeval.replay.repair import repairs, steps_of
from traceeval.replay.tools import ToolError
from traceeval.replay.variants import told, variants_of

__all__ = [
    "cells_of",
    "load_gate",
    "load_suite",
    "plan",
    "Planned",
    "planned_of",
    "repairs",
    "steps_of",
    "Suite",
    "told",
    "ToolError",
    "variants_of",
]
