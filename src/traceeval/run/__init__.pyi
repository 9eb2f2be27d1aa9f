from ._asked import read_production
from ._audit_pack import write_pack
from ._audit_parts import measured_parts
from ._bench import bench, failing
from ._compare import compare_folders, drift_between, folder_confidence
from ._consistency import consistency_of
from ._corpus import Corpus
from ._coverage import coverage_of, suggest_beside
from ._decide import Gathered, Policed, decide, gather_all
from ._decision_folder import is_decision, load_release_policy, read_packed, write_decision
from ._draw import Draw, Drawn, draw, stated_authors, stated_language, stated_tag, stated_warnings
from ._evaluate import Order, Outcome, evaluate_order
from ._evidence import Evidence, read_evidence
from ._examine import Examined, examine
from ._fail_under import Gate, failed_estimates, failed_gates, gated, limits_on, parse_gate, unadmitted
from ._fields import checked_fields, refuse_unknown_fields
from ._folders import ReplayFolder, is_replay, read_replay
from ._fork import fork, fork_each, reference_repairs
from ._gated import gate_replay
from ._lint_references import Flaw, lint_references
from ._lint_tools import Gap, Problem, ToolLint, ToolRow, lint_tools, rules_by_field
from ._lucky import lucky
from ._monitor import monitor_folders, tell_alarms
from ._people_evidence import agreed_on
from ._pinning import PinnedSuite, ToPin, pin_traces, pins_of
from ._replay import MAX_REPLAYS, Replayer
from ._run import Run, evaluate
from ._runs import list_runs, trend_of
from ._saturation import saturation_of
from ._setup import DIAGNOSES, RULES, SCORERS, Kit, Setup
from ._shrink import shrink
from ._source import GoldBook, Intake
from ._suggest import Suggested, suggest_traces
from ._suite import BASELINES, Replayed, ReplayOrder, replay
from ._totals import Totals
from ._trials import Judged, Troupe, Work, pack, parted_trials

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
    "failed_estimates",
    "failed_gates",
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
    "is_decision",
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
    "pins_of",
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
    "stated_authors",
    "stated_language",
    "stated_tag",
    "stated_warnings",
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
