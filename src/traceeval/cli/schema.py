"""``traceeval schema``: the JSON Schema of each file format of ours, made from the types that read it."""

from __future__ import annotations

from typing import Any

import click

from traceeval.cli._failures import exits

NAMES = (
    "trace",
    "gold",
    "summary",
    "tools",
    "labels",
    "judged",
    "people",
    "preferences",
    "release",
    "decision",
    "benchmark",
    "verdict",
)


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@exits
def command(name: str) -> None:
    """Print the JSON Schema of a file format of ours.

    trace: one line of a native file. gold: one line of a gold file. summary: summary.json. tools: tools.yaml.
    labels: one line of a labels file. judged: one verdict of a judge. people: one thing people settled.
    preferences: one preference of a person. release: release.yaml, which `traceeval decide` reads. decision: what it answers.
    benchmark: the result of a benchmark run elsewhere, for a release to rest on. verdict: what `review submit --file` reads.
    """
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(schema_of(name)), indent=2).decode())


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one format."""
    import msgspec

    from traceeval.cli._verdict import VerdictFile
    from traceeval.model import GoldRow, JudgeRow, PeopleRow, PlantedLabel, PreferenceRow, Summary, ToolSpec, Trace
    from traceeval.model.release import BenchmarkResult, ReleaseDecision, ReleasePolicy

    types: dict[str, type] = {
        "trace": Trace,
        "gold": GoldRow,
        "summary": Summary,
        "tools": ToolSpec,
        "labels": PlantedLabel,
        "judged": JudgeRow,
        "people": PeopleRow,
        "preferences": PreferenceRow,
        "release": ReleasePolicy,
        "decision": ReleaseDecision,
        "benchmark": BenchmarkResult,
        "verdict": VerdictFile,
    }
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(types[name])}
    return _of_tools(schema) if name == "tools" else schema


def _of_tools(schema: dict[str, Any]) -> dict[str, Any]:
    """``tools.yaml`` maps names to annotations: the name is the key, and what a person writes is declared."""
    spec = schema["$defs"]["ToolSpec"]
    ours = ("name", "basis", "guessed")
    spec["properties"] = {key: value for key, value in spec["properties"].items() if key not in ours}
    spec["required"] = [key for key in spec.get("required", ()) if key not in ours]
    schema.pop("$ref", None)
    return {
        **schema,
        "type": "object",
        "properties": {"tools": {"type": "object", "additionalProperties": {"$ref": "#/$defs/ToolSpec"}}},
        "required": ["tools"],
    }
