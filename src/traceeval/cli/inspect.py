"""``traceeval inspect``: one trace as a tree, or as a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from traceeval.adapters import read_records
from traceeval.cli._failures import UNREADABLE, exits
from traceeval.errors import ConfigError, InputError
from traceeval.model import Diagnostic, Trace

_LISTED = 20


@click.command()
@click.argument("path", metavar="TRACE")
@click.option("--id", "trace_id", help="Which trace of the file; a prefix that names one will do.")
@click.option("--svg", metavar="FILE", help="Write a drawing instead; - for standard output.")
@click.option("--from", "format", metavar="NAME", help="Input format; default: recognised.")
@click.option("--tools", metavar="FILE", help="Annotations of the tools.")
@click.option("--gold", metavar="FILE", help="What should have happened.")
@exits
def command(
    path: str, trace_id: str | None, svg: str | None, format: str | None, tools: str | None, gold: str | None
) -> int:
    """Draw one trace with its findings: what was searched, read, called and said, and where it went wrong.

    TRACE: a file or folder in any known format.
    """
    problems: list[Diagnostic] = []
    found = list(_traces(path, format, gold, problems))
    for problem in problems:
        click.echo(f"{problem.code}: {problem.text}", err=True)
    chosen = [trace for trace in found if trace_id is None or trace.id.startswith(trace_id)]
    if len(chosen) != 1:
        return _list(path, chosen or found, trace_id)
    _draw(chosen[0], svg, tools)
    return UNREADABLE if any(problem.level == "error" for problem in problems) else 0


def _traces(path: str, format: str | None, gold: str | None, problems: list[Diagnostic]) -> Iterator[Trace]:
    from itertools import chain

    from traceeval.adapters import read_gold
    from traceeval.run import GoldBook, Intake

    intake = Intake(gold=GoldBook())
    yield from intake.traces(chain(read_gold(gold) if gold else (), read_records([path], format=format)))
    problems += intake.examples


def _list(path: str, traces: list[Trace], wanted: str | None) -> int:
    if not traces:
        raise InputError(f"{path}: no traces")
    for trace in traces[:_LISTED]:
        click.echo(f"{trace.id}  {len(trace.spans)} spans", err=True)
    more = f" (the first {_LISTED} of {len(traces)} are listed)" if len(traces) > _LISTED else ""
    what = f"no single trace begins with {wanted!r}" if wanted else f"{len(traces)} traces"
    raise ConfigError(f"{path}: {what}{more}; choose one with --id")


def _draw(trace: Trace, svg: str | None, tools: str | None) -> None:
    from traceeval.graph import load_tools
    from traceeval.report import as_tree, draw
    from traceeval.risk import load_policy
    from traceeval.run import Setup, examine

    kit = Setup(policy=load_policy(), tools=load_tools(tools) if tools else ()).load()
    dossier = examine(trace, kit).dossier
    findings = [finding for finding in dossier.findings if finding.state == "defect"]
    if svg == "-":
        click.echo(draw(dossier.graph, findings))
    elif svg is not None:
        Path(svg).write_text(draw(dossier.graph, findings), encoding="utf-8")
        click.echo(f"written to {svg}", err=True)
    else:
        from rich.console import Console

        Console().print(as_tree(dossier.graph, findings, dossier.suspicion, dossier.attribution))
