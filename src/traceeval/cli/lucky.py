"""``traceeval lucky``: passes that do not survive changes that mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from traceeval.cli._bench import bench_options
from traceeval.cli._failures import exits

if TYPE_CHECKING:
    from traceeval.replay.sandbox import Wanted


@click.command()
@click.argument("suite", metavar="SUITE")
@click.option("--seed", type=int, default=1, show_default=True, help="The trial of each scenario that is looked at.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a scenario.")
@bench_options
@exits
def command(suite: str, seed: int, as_json: bool, agent: str, sandbox: Wanted, env: tuple[str, ...]) -> None:
    """Say which passes of AGENT are luck: few of them survive other words, other seeds or slower tools.

    Each scenario runs as written; where that passes, it runs again under about a dozen neutral changes.
    """
    import msgspec

    from traceeval.measures.safe_text import inline
    from traceeval.model import Cell
    from traceeval.replay import Planned, load_suite
    from traceeval.replay.sandbox import Walls
    from traceeval.run import bench, lucky

    loaded = load_suite(suite)
    flagged = passed = 0
    with bench(loaded, agent, Walls(wanted=sandbox, env=env)) as judge:
        for scenario in loaded.scenarios:
            planned = Planned(Cell(scenario=scenario.id), seed)
            result = judge(planned).outcome.result
            if result != "pass":
                click.echo(f"{inline(planned.id)}: {result}, so there is no luck to ask about", err=as_json)
                continue
            found = lucky(judge, loaded, planned)
            passed += 1
            flagged += bool(found.lucky)
            if as_json:
                click.echo(msgspec.json.encode(found).decode())
                continue
            word = {True: "LUCKY", False: "sound", None: "nobody can tell"}[found.lucky]
            kinds = ", ".join(f"{one.kind} {one.survived} of {one.judged}" for one in found.kinds)
            click.echo(f"{inline(planned.id)}: {word}; survives {kinds}")
    click.echo(f"{flagged} of {passed} passing scenarios are luck", err=as_json)
