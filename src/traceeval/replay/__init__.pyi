from .gate import load_gate
from .load import Suite, load_suite
from .matrix import Planned, cells_of, plan, planned_of
from .repair import repairs, steps_of
from .tools import ToolError
from .variants import told, variants_of

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
