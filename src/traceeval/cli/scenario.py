"""``traceeval scenario``: the files of a suite."""

from __future__ import annotations

import click

from traceeval.cli._failures import exits


@click.group()
def command() -> None:
    """The files of a suite of scenarios."""


@command.command("schema")
@click.argument("name", type=click.Choice(["scenario", "suite", "gate"]), default="scenario")
@exits
def schema(name: str) -> None:
    """Print the JSON Schema of a scenario file, of suite.yaml, or of a gate file."""
    import msgspec

    from traceeval.model import Scenario, SuiteFile
    from traceeval.model.gate import ReplayGate

    kind = {"scenario": Scenario, "suite": SuiteFile, "gate": ReplayGate}[name]
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
