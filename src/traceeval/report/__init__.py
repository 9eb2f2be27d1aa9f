"""What a run found, for people: terminal, page, drawing, notebook."""

from traceeval.report._case import Case
from traceeval.report._headline import HEADLINES
from traceeval.report.agreement_plot import agreement_plot
from traceeval.report.annotations import as_yaml
from traceeval.report.calibration_plot import calibration_plot
from traceeval.report.comparison import render_comparison
from traceeval.report.comparison_page import render_comparison_page
from traceeval.report.confidence import confidence_lines, confidence_plot
from traceeval.report.consistency import consistency_lines, consistency_plots, render_consistency_page
from traceeval.report.contamination import contamination_lines
from traceeval.report.coverage import coverage_lines
from traceeval.report.coverage_page import render_coverage_page
from traceeval.report.discount import discount_lines, render_discount_page
from traceeval.report.drift import drift_lines
from traceeval.report.forest_plot import preference_plot, probe_plot
from traceeval.report.html import render_html
from traceeval.report.judged import admission_lines, judge_lines
from traceeval.report.notebook import notebook_html
from traceeval.report.release import decision_lines
from traceeval.report.release_page import render_decision
from traceeval.report.saturation import saturation_lines
from traceeval.report.saturation_page import render_saturation_page
from traceeval.report.sided import harm_lines, layer_lines, preference_lines
from traceeval.report.svg import draw
from traceeval.report.text import render_text
from traceeval.report.tree import as_tree
from traceeval.report.trend import render_runs, render_trend, render_trend_page
from traceeval.report.trend_plot import trend_plot
from traceeval.report.watch import watch_lines

__all__ = [
    "admission_lines",
    "agreement_plot",
    "as_tree",
    "as_yaml",
    "calibration_plot",
    "Case",
    "confidence_lines",
    "confidence_plot",
    "consistency_lines",
    "consistency_plots",
    "contamination_lines",
    "coverage_lines",
    "decision_lines",
    "discount_lines",
    "draw",
    "drift_lines",
    "harm_lines",
    "HEADLINES",
    "judge_lines",
    "layer_lines",
    "notebook_html",
    "preference_lines",
    "preference_plot",
    "probe_plot",
    "render_comparison",
    "render_comparison_page",
    "render_consistency_page",
    "render_coverage_page",
    "render_decision",
    "render_discount_page",
    "render_html",
    "render_runs",
    "render_saturation_page",
    "render_text",
    "render_trend",
    "render_trend_page",
    "saturation_lines",
    "trend_plot",
    "watch_lines",
]
