"""``traceeval scorers``: every score there is."""

from __future__ import annotations

import click

from traceeval.cli._failures import exits


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@exits
def command(as_json: bool) -> None:
    """List every score: what it is, its unit, and the gold it needs."""
    from traceeval.run import SCORERS

    found = list(SCORERS.all())
    if as_json:
        import msgspec

        rows = [
            {"name": s.name, "unit": s.unit, "better": s.better, "range": s.range, "needs": s.needs, "doc": s.doc}
            for s in found
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("score", "better", "needs", "what it is"):
        table.add_column(heading, no_wrap=heading == "score")
    for scorer in found:
        table.add_row(scorer.name, scorer.better, ", ".join(scorer.needs) or "—", scorer.doc)
    Console().print(table)
