"""``traceeval preferences``: what people prefer side by side, and why, an audience at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceeval.cli._failures import exits
from traceeval.cli._people import read_lines
from traceeval.cli._report import tell
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.model import PreferenceRow


@click.command()
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@click.option(
    "--name", "names", multiple=True, help="A queue of the database, an audience each; repeatable; default: default."
)
@click.option(
    "--rows", metavar="FILE", help="JSON lines instead of a queue (`traceeval schema preferences`); '-': stdin."
)
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@click.option("--plot", metavar="FILE", help="Also draw who prefers what, as SVG.")
@exits
def command(url: str, names: tuple[str, ...], rows: str | None, json_: bool, plot: str | None) -> None:
    """Print preferences by criterion, language and audience, with intervals and every reversal between audiences."""
    from traceeval.compare import compare_preferences
    from traceeval.model import PreferenceRow
    from traceeval.report import preference_lines, preference_plot

    said = read_lines(rows, PreferenceRow) if rows else _settled(url, names or ("default",))
    if not said:
        raise ConfigError(f"{rows or ', '.join(names) or 'default'}: no preference on anything that is settled")
    report = compare_preferences(said)
    if plot is not None:
        Path(plot).write_text(preference_plot(report), encoding="utf-8")
    tell(report, preference_lines, json_=json_)


def _settled(url: str, names: tuple[str, ...]) -> list[PreferenceRow]:
    from traceeval.review import Store, preferences

    store = Store(url, create=False)
    try:
        return list(preferences(store, names))
    finally:
        store.close()
