"""Scores against people, runs against runs, slices of a run against the rest."""

from traceeval.compare._slice_cases import Coded, Column, Measure, Observed
from traceeval.compare.calibrate import calibrate, draw, read_calibration, read_claims, read_labels
from traceeval.compare.judge_vs_people import compare_judge
from traceeval.compare.preferences import compare_preferences
from traceeval.compare.slices import find_slices

__all__ = [
    "calibrate",
    "Coded",
    "Column",
    "compare_judge",
    "compare_preferences",
    "draw",
    "find_slices",
    "Measure",
    "Observed",
    "read_calibration",
    "read_claims",
    "read_labels",
]
