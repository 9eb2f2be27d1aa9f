"""``traceeval consistency``: whether the same request told otherwise is treated the same."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import exits
from traceeval.cli._report import tell


@click.command()
@click.argument("replays", nargs=-1, required=True, metavar="REPLAY...")
@click.option("--out", metavar="FILE", help="Also write the page, with plots.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(replays: tuple[str, ...], out: str | None, json_: bool) -> None:
    """Set how alike the trials of different wordings are beside how alike those of one wording are, scenario by scenario.

    REPLAY: folders of `traceeval replay`, of one agent on one suite with variants; the trials of several add up.
    """
    from traceeval.report import consistency_lines, render_consistency_page
    from traceeval.run import consistency_of

    report = consistency_of(replays)
    if out is not None:
        render_consistency_page(report, Path(out))
    tell(report, consistency_lines, json_=json_)
