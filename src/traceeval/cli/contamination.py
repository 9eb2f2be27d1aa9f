"""``traceeval contamination``: whether a labelled set can be trusted before a score on it is quoted."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import GATE_FAILED, exits
from traceeval.errors import ConfigError


@click.command()
@click.argument("rows", metavar="ROWS")
@click.option("--label", metavar="FIELD", help="The field that holds the label.")
@click.option("--id", "id_", default="id", show_default=True, metavar="FIELD", help="What rows are called by.")
@click.option("--family", metavar="FIELD", help="Rows that belong together: one family must stay in one split.")
@click.option("--split", metavar="FIELD", help="The field that says which split a row is in.")
@click.option(
    "--apart", multiple=True, metavar="FIELD", help="Not part of the text, e.g. notes about the label; repeatable."
)
@click.option(
    "--corpus", multiple=True, metavar="FILE", help="Text to look for the rows in: a corpus, outputs; repeatable."
)
@click.option(
    "--canary", "canaries", multiple=True, metavar="TEXT", help="A string that stands in the set only; repeatable."
)
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(
    rows: str,
    label: str | None,
    id_: str,
    family: str | None,
    split: str | None,
    apart: tuple[str, ...],
    corpus: tuple[str, ...],
    canaries: tuple[str, ...],
    json_: bool,
) -> int:
    """Check ROWS, JSON lines with a label: does a string give it away, did the text stand elsewhere, do splits share rows?

    Exit codes: 0 nothing found, 1 something found, 2 usage.
    """
    from traceeval.cli._people import as_json
    from traceeval.compare import Fields, check_contamination
    from traceeval.report import contamination_lines

    fields = Fields(label=label, id=id_, family=family, split=split, apart=apart)
    read = _rows(rows, fields)
    report = check_contamination(read, fields, elsewhere=[_text(path) for path in corpus], canaries=canaries)
    if json_:
        click.echo(as_json(report))
    else:
        for line in contamination_lines(report):
            click.echo(line)
    return 0 if report.clean else GATE_FAILED


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


def _rows(path: str, fields: object) -> list[dict[str, object]]:
    import msgspec

    found = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=dict[str, object]))
        except msgspec.MsgspecError as error:
            raise ConfigError(f"{path}:{number}: no JSON object: {error}") from error
    for option in ("label", "family", "split"):
        name = getattr(fields, option)
        if name is not None and not any(name in row for row in found):
            raise ConfigError(
                f"--{option} {name}: no row of {path} has it; they have {', '.join(sorted(found[0]) if found else ())}"
            )
    if not found:
        raise ConfigError(f"{path}: no rows")
    return found
