"""A replay for the machines that build: JUnit XML, SARIF, GitHub's annotations and step summary."""

from traceeval.report.ci._cells import CellReport, cell_reports
from traceeval.report.ci.github import commands, step_summary, unheard
from traceeval.report.ci.junit import junit
from traceeval.report.ci.sarif import sarif

__all__ = ["cell_reports", "CellReport", "commands", "junit", "sarif", "step_summary", "unheard"]
