"""A decision to release as one self-contained page: no script, no outside address."""

from __future__ import annotations

from pathlib import Path

from traceeval.model.release import ReleaseDecision
from traceeval.report import release as told
from traceeval.report._style import page_style
from traceeval.report.html import environment, markup
from traceeval.report.layers_plot import layers_plot


def render_decision(found: ReleaseDecision, path: Path) -> None:
    """Write the page."""
    page = (
        environment()
        .get_template("release.html.j2")
        .render(
            d=found,
            style=markup(page_style()),
            plot=markup(layers_plot(found)),
            version=told.version_told(found),
            reasons=told.reasons(found),
            titles=told.TITLES,
            age=told.age_told,
            states=told.states_told,
            short=told.short,
        )
    )
    path.write_text(page, encoding="utf-8")
