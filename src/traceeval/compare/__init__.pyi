from ._change import Metric
from ._chosen import failed
from ._slice_cases import Coded, Column, Measure, Observed
from ._unit_values import OWN, own_rows
from ._units import called
from .admission import Demands, admit, read_admission, reopened
from .calibrate import calibrate, draw, read_calibration, read_claims, read_labels
from .confidence import judge_confidence
from .contamination import Fields, check_contamination
from .coverage import LEAST, Production, find_coverage, untold
from .discount import HALF_LIFE, Known, discount
from .drift import find_drift
from .examples import draw_examples
from .harms import count_harms, harm_refusals
from .judge_vs_people import compare_judge
from .layers import compare_layers
from .preferences import compare_preferences
from .reliability import kind_of
from .runs import RunTables, compare_runs
from .saturation import Passes, find_saturation
from .slices import find_slices

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
