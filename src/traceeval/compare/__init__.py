"""Scores against people, runs against runs, slices of a run against the rest."""

from traceeval.compare._change import Metric
from traceeval.compare._chosen import failed
from traceeval.compare._slice_cases import Coded, Column, Measure, Observed
from traceeval.compare._unit_values import OWN, own_rows
from traceeval.compare._units import called
from traceeval.compare.admission import Demands, admit, read_admission, reopened
from traceeval.compare.calibrate import calibrate, draw, read_calibration, read_claims, read_labels
from traceeval.compare.confidence import judge_confidence
from traceeval.compare.contamination import Fields, check_contamination
from traceeval.compare.coverage import LEAST, Production, find_coverage, untold
from traceeval.compare.discount import HALF_LIFE, Known, discount
from traceeval.compare.drift import find_drift
from traceeval.compare.examples import draw_examples
from traceeval.compare.harms import count_harms, harm_refusals
from traceeval.compare.judge_vs_people import compare_judge
from traceeval.compare.layers import compare_layers
from traceeval.compare.preferences import compare_preferences
from traceeval.compare.reliability import kind_of
from traceeval.compare.runs import RunTables, compare_runs
from traceeval.compare.saturation import Passes, find_saturation
from traceeval.compare.slices import find_slices

__all__ = [
    "admit",
    "calibrate",
    "called",
    "check_contamination",
    "Coded",
    "Column",
    "compare_judge",
    "compare_layers",
    "compare_preferences",
    "compare_runs",
    "count_harms",
    "Demands",
    "discount",
    "draw",
    "draw_examples",
    "failed",
    "Fields",
    "find_coverage",
    "find_drift",
    "find_saturation",
    "find_slices",
    "harm_refusals",
    "HALF_LIFE",
    "judge_confidence",
    "kind_of",
    "Known",
    "LEAST",
    "Measure",
    "Metric",
    "Observed",
    "OWN",
    "own_rows",
    "Passes",
    "Production",
    "read_admission",
    "read_calibration",
    "read_claims",
    "read_labels",
    "reopened",
    "RunTables",
    "untold",
]
