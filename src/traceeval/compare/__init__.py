"""Scores against people, runs against runs."""

from traceeval.compare.calibrate import calibrate, draw, read_calibration, read_claims, read_labels

__all__ = ["calibrate", "draw", "read_calibration", "read_claims", "read_labels"]
