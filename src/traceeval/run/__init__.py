"""The stages in their order: the only room that knows it."""

from traceeval.run._asked import read_production
from traceeval.run._audit_pack import write_pack
from traceeval.run._audit_parts import measured_parts
from traceeval.run._bench import bench, failing
from traceeval.run._compare import compare_folders, drift_between, folder_confidence
from traceeval.run._consistency import consistency_of
from traceeval.run._corpus import Corpus
from traceeval.run._coverage import coverage_of, suggest_beside
from traceeval.run._decide import Gathered, Policed, decide, gather_all
from traceeval.run._decision_folder import load_release_policy, read_packed, write_decision
from traceeval.run._draw import Draw, Drawn, draw
from traceeval.run._evaluate import Order, Outcome, evaluate_order
from traceeval.run._evidence import Evidence, read_evidence
from traceeval.run._examine import Examined, examine
from traceeval.run._fail_under import Gate, failed_gates, failed_rates, gated, limits_on, parse_gate, unadmitted
from traceeval.run._fields import checked_fields, refuse_unknown_fields
from traceeval.run._fork import fork, fork_each, reference_repairs
from traceeval.run._gated import ReplayFolder, gate_replay, is_replay, read_replay
from traceeval.run._lint_references import Flaw, lint_references
from traceeval.run._lint_tools import Gap, Problem, ToolLint, ToolRow, lint_tools, rules_by_field
from traceeval.run._lucky import lucky
from traceeval.run._monitor import monitor_folders, tell_alarms
from traceeval.run._people_evidence import agreed_on
from traceeval.run._pinning import PinnedSuite, ToPin, pin_traces
from traceeval.run._replay import MAX_REPLAYS, Replayer
from traceeval.run._run import Run, evaluate
from traceeval.run._runs import list_runs, trend_of
from traceeval.run._saturation import saturation_of
from traceeval.run._setup import DIAGNOSES, RULES, SCORERS, Kit, Setup
from traceeval.run._shrink import shrink
from traceeval.run._source import GoldBook, Intake
from traceeval.run._suggest import Suggested, suggest_traces
from traceeval.run._suite import BASELINES, Replayed, ReplayOrder, replay
from traceeval.run._totals import Totals
from traceeval.run._trials import Judged, Troupe, Work, pack, parted_trials

__all__ = [
    "agreed_on",
    "BASELINES",
    "bench",
    "checked_fields",
    "compare_folders",
    "consistency_of",
    "Corpus",
    "coverage_of",
    "decide",
    "DIAGNOSES",
    "draw",
    "Draw",
    "Drawn",
    "drift_between",
    "evaluate",
    "evaluate_order",
    "Evidence",
    "examine",
    "Examined",
    "failed_gates",
    "failed_rates",
    "failing",
    "Flaw",
    "folder_confidence",
    "fork",
    "fork_each",
    "Gap",
    "Gate",
    "gate_replay",
    "gated",
    "gather_all",
    "Gathered",
    "GoldBook",
    "Intake",
    "is_replay",
    "Judged",
    "Kit",
    "limits_on",
    "lint_references",
    "lint_tools",
    "list_runs",
    "load_release_policy",
    "lucky",
    "MAX_REPLAYS",
    "measured_parts",
    "monitor_folders",
    "Order",
    "Outcome",
    "pack",
    "parse_gate",
    "parted_trials",
    "pin_traces",
    "PinnedSuite",
    "Policed",
    "Problem",
    "read_evidence",
    "read_packed",
    "read_production",
    "read_replay",
    "reference_repairs",
    "refuse_unknown_fields",
    "replay",
    "Replayed",
    "Replayer",
    "ReplayFolder",
    "ReplayOrder",
    "RULES",
    "rules_by_field",
    "Run",
    "saturation_of",
    "SCORERS",
    "Setup",
    "shrink",
    "suggest_beside",
    "suggest_traces",
    "Suggested",
    "tell_alarms",
    "ToolLint",
    "ToolRow",
    "ToPin",
    "Totals",
    "trend_of",
    "Troupe",
    "unadmitted",
    "Work",
    "write_decision",
    "write_pack",
]
