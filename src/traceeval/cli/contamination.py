"""``traceeval contamination``: whether a labelled set can be trusted before a score on it is quoted."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import GATE_FAILED, exits
from traceeval.cli._report import tell
from traceeval.cli._sets import read_set, read_text


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
@click.option("--out", metavar="FILE", help="Also write the page, with a plot.")
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
    out: str | None,
    json_: bool,
) -> int:
    """Check ROWS, JSON lines with a label: does a string give it away, did the text stand elsewhere, do splits share rows?

    Exit codes: 0 nothing found, 1 something found, 2 usage.
    """
    from traceeval.compare import Fields, check_contamination
    from traceeval.report import contamination_lines, render_contamination_page

    fields = Fields(label=label, id=id_, family=family, split=split, apart=apart)
    read = read_set(rows, label=label, family=family, split=split)
    report = check_contamination(read, fields, elsewhere=[read_text(path) for path in corpus], canaries=canaries)
    if out is not None:
        render_contamination_page(report, Path(out))
    tell(report, contamination_lines, json_=json_)
    return 0 if report.clean else GATE_FAILED
