"""Scores against people, runs against runs, slices of a run against the rest."""

from traceeval.compare._slice_cases import Coded, Column, Measure, Observed
from traceeval.compare.calibrate import calibrate, draw, read_calibration, read_claims, read_labels
from traceeval.compare.slices import find_slices

__all__ = [
    "calibrate",
    "Coded",
    "Column",
    "draw",
    "find_slices",
    "Measure",
    "Observed",
    "read_calibration",
    "read_claims",
    "read_labels",
]
