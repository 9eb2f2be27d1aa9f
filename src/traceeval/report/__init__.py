"""What a run found, for people: terminal, page, drawing, notebook."""

from traceeval.report._case import Case
from traceeval.report.annotations import as_yaml
from traceeval.report.calibration_plot import calibration_plot
from traceeval.report.html import render_html
from traceeval.report.notebook import notebook_html
from traceeval.report.svg import draw
from traceeval.report.text import render_text
from traceeval.report.tree import as_tree

__all__ = ["Case", "as_tree", "as_yaml", "calibration_plot", "draw", "notebook_html", "render_html", "render_text"]
