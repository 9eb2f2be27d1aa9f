"""``traceeval shrink``: the least of a failing trial that still fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from traceeval.cli._bench import bench_options, trial_option
from traceeval.cli._failures import exits

if TYPE_CHECKING:
    from traceeval.replay.sandbox import Wanted


@click.command()
@click.argument("suite", metavar="SUITE")
@trial_option
@click.option("--most", type=click.IntRange(1), default=60, show_default=True, metavar="N", help="Trials to spend.")
@click.option("--replays", type=click.IntRange(1), default=8, show_default=True, help="Reruns of what is left.")
@bench_options
@exits
def command(suite: str, trial: str, most: int, replays: int, agent: str, sandbox: Wanted, env: tuple[str, ...]) -> None:
    """Reduce a failing trial: no payload, no fault, the words as written, then the fewest turns and words that fail the same way.

    Prints the scenario that is left as JSON, which is YAML: it takes the place of the one with its id. What was done is told
    on stderr.
    """
    import msgspec

    from traceeval.measures.safe_text import inline
    from traceeval.replay import load_suite, planned_of
    from traceeval.replay.sandbox import Walls
    from traceeval.report._numbers import plural
    from traceeval.run import bench, failing, shrink

    loaded, walls = load_suite(suite), Walls(wanted=sandbox, env=env)
    planned = planned_of(loaded.scenarios, trial)
    with bench(loaded, agent, walls) as judge, bench(loaded, "reference", walls) as reference:
        failed = failing(judge, planned)
        solved = bool(loaded.scenario(planned.cell.scenario).solution)
        checks = reference if solved else None
        found = shrink(judge, loaded, planned, failed, reference=checks, most=most, replays=replays)
    click.echo(msgspec.json.format(msgspec.json.encode(found.scenario), indent=2).decode())
    left = "; the trials ran out, more could perhaps be left out" if found.spent else ""
    unchecked = "" if solved else "; no `solution`, so nobody checked that the task can still be done"
    click.echo(f"{inline(found.cell.trial(found.seed))} fails: {inline(found.why, 160)}", err=True)
    click.echo(
        f"{plural(found.trials, 'trial')}; {found.same} of {plural(found.replays, 'rerun')} come to it{left}{unchecked}",
        err=True,
    )
