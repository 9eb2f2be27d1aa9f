"""``traceeval annotate``: a first ``tools.yaml``, drafted from recorded traces."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._accounts import as_line, diagnostics_of
from traceeval.cli._failures import UNREADABLE, exits
from traceeval.errors import ConfigError, OutputExists


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="TRACES...")
@click.option("--out", default="-", show_default=True, metavar="FILE|-", help="File to write; it must not exist yet.")
@click.option("--tools", "known", metavar="FILE", help="A tools.yaml; what it declares is left out.")
@click.option("--from", "format", envvar="TRACEEVAL_FROM", metavar="NAME", help="Input format; default: recognised.")
@exits
def command(paths: tuple[str, ...], out: str, known: str | None, format: str | None) -> int:
    """Draft a tools.yaml from recorded traces, for a person to confirm.

    TRACES: files, folders, globs, or - for standard input. Every line says what it was guessed from and is marked
    "confirm me"; what nothing in the traces decides is a proposal that is commented out. Exit codes: 0 drafted, 2 usage,
    3 a trace could not be read.
    """
    from traceeval.adapters import read_records
    from traceeval.graph import Drafts, ToolBook, TraceGraph, load_tools
    from traceeval.model import Trace
    from traceeval.report import as_yaml

    if out != "-" and Path(out).exists():
        raise OutputExists(f"{out} exists; name another --out, or pass it as --tools to draft what it does not say")
    declared = {spec.name for spec in load_tools(known)} if known else set()
    drafts, unreadable = Drafts(), False
    for record in read_records(paths, format=format):
        for diagnostic in diagnostics_of(record):
            if diagnostic.level == "error":
                unreadable = True
                click.echo(as_line(diagnostic), err=True)
        if isinstance(record, Trace):
            drafts.take(TraceGraph(record, ToolBook()))
    found = [draft for draft in drafts.all() if draft.name not in declared]
    if not found and not unreadable:
        told = "no tool that the file does not declare" if declared else "no trace offers or calls a tool"
        raise ConfigError(f"nothing to draft: {told}")
    text = as_yaml(found, drafts.traces)
    if out == "-":
        click.echo(text, nl=False)
    else:
        Path(out).write_text(text, encoding="utf-8")
        click.echo(f"{out}: {len(found)} tools drafted from {drafts.traces} traces; confirm each line", err=True)
    return UNREADABLE if unreadable else 0
