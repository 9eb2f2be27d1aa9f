from ._case import Case
from ._headline import HEADLINES
from .agreement_plot import agreement_plot
from .annotations import as_yaml
from .calibration_plot import calibration_plot
from .comparison import render_comparison
from .comparison_page import render_comparison_page
from .confidence import confidence_lines, confidence_plot
from .consistency import consistency_lines, consistency_plots, render_consistency_page
from .contamination import contamination_lines
from .contamination_page import render_contamination_page
from .coverage import coverage_lines
from .coverage_page import render_coverage_page
from .discount import discount_lines, render_discount_page
from .drift import drift_lines
from .drift_page import render_drift_page
from .forest_plot import preference_plot, probe_plot
from .html import render_html
from .judged import admission_lines, judge_lines
from .notebook import notebook_html
from .release import decision_lines
from .release_page import render_decision
from .saturation import saturation_lines
from .saturation_page import render_saturation_page
from .sided import harm_lines, layer_lines, preference_lines
from .svg import draw
from .text import render_text
from .tree import as_tree
from .trend import render_runs, render_trend, render_trend_page
from .trend_plot import trend_plot
from .watch import watch_lines
from .watch_page import render_watch_page

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
    "render_contamination_page",
    "render_coverage_page",
    "render_decision",
    "render_discount_page",
    "render_drift_page",
    "render_html",
    "render_runs",
    "render_saturation_page",
    "render_text",
    "render_trend",
    "render_trend_page",
    "render_watch_page",
    "saturation_lines",
    "trend_plot",
    "watch_lines",
]
