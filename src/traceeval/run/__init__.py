"""The stages in their order: the only room that knows it."""

from traceeval.run._audit_pack import write_pack
from traceeval.run._audit_parts import measured_parts
from traceeval.run._corpus import Corpus
from traceeval.run._draw import Draw, Drawn, draw
from traceeval.run._evaluate import Order, Outcome, evaluate_order
from traceeval.run._examine import Examined, examine
from traceeval.run._fields import checked_fields, refuse_unknown_fields
from traceeval.run._lint_tools import Gap, Problem, ToolLint, ToolRow, lint_tools, rules_by_field
from traceeval.run._replay import MAX_REPLAYS, Replayer
from traceeval.run._run import Run, evaluate
from traceeval.run._setup import DIAGNOSES, RULES, SCORERS, Kit, Setup
from traceeval.run._source import GoldBook, Intake
from traceeval.run._totals import Totals

__all__ = [
    "DIAGNOSES",
    "MAX_REPLAYS",
    "RULES",
    "SCORERS",
    "Corpus",
    "Draw",
    "Drawn",
    "Examined",
    "Gap",
    "GoldBook",
    "Intake",
    "Kit",
    "Order",
    "Outcome",
    "Problem",
    "Replayer",
    "Run",
    "Setup",
    "ToolLint",
    "ToolRow",
    "Totals",
    "checked_fields",
    "draw",
    "evaluate",
    "evaluate_order",
    "examine",
    "lint_tools",
    "measured_parts",
    "refuse_unknown_fields",
    "rules_by_field",
    "write_pack",
]
