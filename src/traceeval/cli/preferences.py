"""``traceeval preferences``: what people prefer side by side, and why, an audience at a time."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import exits
from traceeval.cli._people import as_json, read_lines
from traceeval.errors import ConfigError


@click.command()
@click.option(
    "--rows",
    required=True,
    metavar="FILE",
    help="Preferences as JSON lines (`traceeval schema preferences`); '-': stdin.",
)
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@click.option("--plot", metavar="FILE", help="Also draw who prefers what, as SVG.")
@exits
def command(rows: str, json_: bool, plot: str | None) -> None:
    """Print preferences by criterion, language and audience, with intervals and every reversal between audiences."""
    from traceeval.compare import compare_preferences
    from traceeval.model import PreferenceRow
    from traceeval.report import preference_lines, preference_plot

    said = read_lines(rows, PreferenceRow)
    if not said:
        raise ConfigError(f"{rows}: no preference")
    report = compare_preferences(said)
    if plot is not None:
        Path(plot).write_text(preference_plot(report), encoding="utf-8")
    click.echo(as_json(report) if json_ else "\n".join(preference_lines(report)))
