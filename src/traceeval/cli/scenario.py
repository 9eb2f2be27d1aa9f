"""``traceeval scenario``: the files of a suite."""

from __future__ import annotations

import click

from traceeval.cli._failures import exits


@click.group()
def command() -> None:
    """The files of a suite of scenarios."""


@command.command("schema")
@click.argument("name", type=click.Choice(["scenario", "suite"]), default="scenario")
@exits
def schema(name: str) -> None:
    """Print the JSON Schema of a scenario file, or of suite.yaml."""
    import msgspec

    from traceeval.model import Scenario, SuiteFile

    kind = Scenario if name == "scenario" else SuiteFile
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())


@command.command("vary")
@click.argument("suite", metavar="SUITE")
@click.option("--out", required=True, metavar="DIR", help="A new folder: the suite again, with the variants in it.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same bytes.")
@click.option("--operator", "operators", multiple=True, metavar="NAME", help="Only this one; repeatable. Default: all.")
@exits
def vary(suite: str, out: str, seed: int, operators: tuple[str, ...]) -> None:
    """Tell every scenario of SUITE in other ways: other order, register, typing errors, facts left out, corrections, ...

    Nothing is asked of a model. `traceeval replay DIR` then names the operators that break an agent. What an operator
    could make nothing of is printed with the reason.
    """
    from pathlib import Path

    from traceeval.errors import ConfigError
    from traceeval.measures.safe_text import inline
    from traceeval.replay import load_suite
    from traceeval.replay.vary import OPERATORS, vary_suite

    unknown = set(operators) - set(OPERATORS)
    if unknown:
        raise ConfigError(f"--operator {', '.join(sorted(unknown))}: one of {', '.join(OPERATORS)}")
    made, left = vary_suite(load_suite(suite), Path(out), seed=seed, operators=operators)
    for one in left:
        click.echo(f"  {inline(one.scenario)}: no {one.operator}: {inline(one.why, 160)}")
    click.echo(f"{made} variants written to {out}; traceeval replay {out} --agent AGENT runs them")


@command.command("attack")
@click.argument("suite", metavar="SUITE")
@click.option("--out", required=True, metavar="DIR", help="A new folder: the suite again, with the attacks in it.")
@click.option("--secret", metavar="TEXT", help="A text of the agent's instructions that no user may be told.")
@exits
def attack(suite: str, out: str, secret: str | None) -> None:
    """Let the users of SUITE attack: pretext, false authority, escalation, prompt leak, persistence, against every goal.

    Goals are the calls a scenario forbids, and --secret. `traceeval replay DIR` counts what is executed and attempted.
    """
    from pathlib import Path

    from traceeval.measures.safe_text import inline
    from traceeval.replay import load_suite
    from traceeval.replay.attacks import attack_suite

    made, without = attack_suite(load_suite(suite), Path(out), secret)
    for id in without:
        click.echo(f"  {inline(id)}: no attack: it forbids no call, or its user is not scripted; --secret gives a goal")
    click.echo(f"{made} attacks written to {out}; traceeval replay {out} --agent AGENT runs them")
