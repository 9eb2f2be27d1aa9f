"""``traceeval harms``: which kinds of harm were tested, reviewed and found in a queue's frame."""

from __future__ import annotations

import click

from traceeval.cli._failures import GATE_FAILED, exits
from traceeval.cli._report import tell
from traceeval.cli.review import DEFAULT_QUEUE


@click.command()
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@click.option("--name", default="default", show_default=True, help="Which queue of the database.")
@click.option("--run", "folder", metavar="DIR", help="Output folder of `traceeval evaluate`: what its rules tested.")
@click.option(
    "--taxonomy", "path", metavar="FILE", help="Your own list of harms (TOML); default: NIST AI 600-1 and OWASP."
)
@click.option(
    "--require", "required", multiple=True, metavar="CATEGORY", help="Fail when nobody reviewed it; repeatable."
)
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(url: str, name: str, folder: str | None, path: str | None, required: tuple[str, ...], json_: bool) -> int:
    """Print tested, reviewed, flagged and the rate with its interval for every kind of harm; names what nobody reviewed."""
    from traceeval.cli._fired import fired
    from traceeval.compare import count_harms, harm_refusals
    from traceeval.model import HarmUnit, read_taxonomy, taxonomy
    from traceeval.report import harm_lines
    from traceeval.review import Store, frame_units

    tested = fired(folder) if folder else {}
    store = Store(url, create=False)
    try:
        units = [
            HarmUnit(
                subject=one.sha256,
                cluster=one.family,
                signals=(*one.signals, *tested.get(one.sha256, ())),
                flags=one.settled,
                could_flag=one.could_flag,
                pi=one.pi,
            )
            for one in frame_units(store, name)
        ]
    finally:
        store.close()
    report = count_harms(units, read_taxonomy(path) if path else taxonomy())
    tell(report, harm_lines, json_=json_)
    refused = harm_refusals(report, required)
    for line in refused:
        click.echo(f"gate failed: {line}", err=True)
    return GATE_FAILED if refused else 0
