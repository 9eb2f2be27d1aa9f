"""``traceeval compare``: what a new version changed, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceeval.cli._failures import DONE, GATE_FAILED, exits
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.model import Comparison


@click.command()
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="HEAD")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="What a decision rests on; repeatable.")
@click.option(
    "--margin", "margins", multiple=True, metavar="NAME=VALUE", help="As good as equal up to here; repeatable."
)
@click.option(
    "--no-worse", "gates", multiple=True, metavar="NAME=MARGIN", help="Gate: at its worst end no more is lost."
)
@click.option("--gate", "gate_file", metavar="FILE", help="Two folders of `traceeval replay`: hold HEAD to this file.")
@click.option("--alpha", type=click.FloatRange(0, 1, min_open=True), default=0.05, show_default=True, metavar="SHARE")
@click.option("--out", metavar="FILE", help="Also write the page, with plots.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(
    base: str,
    head: str,
    metrics: tuple[str, ...],
    margins: tuple[str, ...],
    gates: tuple[str, ...],
    gate_file: str | None,
    alpha: float,
    out: str | None,
    json_: bool,
) -> int:
    """Compare two folders that `traceeval evaluate` wrote, or two of `traceeval replay`: the same cases, each component apart.

    With --gate they are two that `traceeval replay` wrote. Exit codes: 0 done; 1 a gate failed, for want of cases too; 2 usage;
    3 the harness failed too often for --gate.
    """
    from traceeval.run import compare_folders

    if gate_file is not None:
        return _replays(base, head, gate_file)
    limits = [_limit("--no-worse", text) for text in gates]
    known = dict(_limit("--margin", text) for text in margins) | dict(limits)
    found = compare_folders(base, head, metrics=metrics, margins=known, alpha=alpha)
    if out is not None:
        from traceeval.report import render_comparison_page

        render_comparison_page(found, Path(out))
    _print(found, json_)
    return _gate(found, limits)


def _replays(base: str, head: str, file: str) -> int:
    from traceeval.cli._ci import gate_code, gate_lines, read_gate
    from traceeval.run import gate_replay

    lines = gate_replay(read_gate(file, base), head, base)
    click.echo("\n".join(gate_lines(lines)))
    return gate_code(lines)


def _print(found: Comparison, json_: bool) -> None:
    if json_:
        from traceeval.cli._report import as_json

        click.echo(as_json(found))
        return
    from rich.console import Console

    from traceeval.report import render_comparison

    render_comparison(found, Console())


def _limit(option: str, text: str) -> tuple[str, float]:
    name, _, value = text.rpartition("=")
    try:
        limit = float(value)
    except ValueError:
        limit = -1.0
    if not name.strip() or not 0 <= limit < float("inf"):
        raise ConfigError(f"{option} {text!r}: write NAME=NUMBER, e.g. right=0.03")
    return name.strip(), limit


def _gate(found: Comparison, limits: list[tuple[str, float]]) -> int:
    """1 when any measure may have lost more than its margin, or there is too little to tell, else 0."""
    changes = {one.metric: one for one in found.changes}
    failed = False
    for name, margin in limits:
        least = changes[name].least_gain if name in changes else None
        if least is None:
            why = changes[name].why if name in changes else "it was scored on neither side"
            click.echo(f"gate failed: {name} cannot be told: {why}", err=True)
            failed = True
        elif least < -margin:
            click.echo(f"gate failed: {name} may be worse by {-least:.4g}, margin {margin:g}", err=True)
            failed = True
    return GATE_FAILED if failed else DONE
