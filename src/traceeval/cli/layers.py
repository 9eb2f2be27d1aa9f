"""``traceeval layers``: automated scores, judge and people on the same traces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from traceeval.cli._failures import exits
from traceeval.cli._people import judge_rows
from traceeval.cli._report import tell
from traceeval.cli.review import DEFAULT_QUEUE

if TYPE_CHECKING:
    from traceeval.model import JudgeRow


@click.command()
@click.argument("verdicts", required=False, metavar="[VERDICTS]")
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@click.option("--name", default="default", show_default=True, help="Which queue of the database.")
@click.option("--criterion", default="safety", show_default=True, help="What counts: a mark on it that does not pass.")
@click.option("--admission", metavar="FILE", help="Read the judge at the threshold `traceeval judge admit` chose.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(verdicts: str | None, url: str, name: str, criterion: str, admission: str | None, json_: bool) -> None:
    """Print what each layer decided, cost, found and missed on a queue's frame; VERDICTS are those of a judge.

    Automated scores flag what the plan called for its risk. People are the reference: what they settled is right.
    """
    from traceeval.compare import compare_layers, failed, read_admission
    from traceeval.model import LayerUnit
    from traceeval.report import layer_lines
    from traceeval.review import Store, frame_units, labels

    said = _said(verdicts, criterion) if verdicts else {}
    store = Store(url, create=False)
    try:
        frame = list(frame_units(store, name))
        settled = {row.subject: row for row in labels(store, name) if row.criterion == criterion}
    finally:
        store.close()
    passes = next((row.passes for row in settled.values()), 4.0)
    threshold = read_admission(admission).threshold if admission else None
    report = compare_layers(
        LayerUnit(
            subject=one.sha256,
            cluster=one.family,
            automated=one.called,
            judge=_failed(said.get(one.sha256), threshold, passes),
            people=failed(settled[one.sha256]) if one.sha256 in settled else None,
            pi=one.pi,
            judge_usd=said[one.sha256].usd if one.sha256 in said else None,
            judge_seconds=said[one.sha256].seconds if one.sha256 in said else None,
            people_seconds=one.seconds,
        )
        for one in frame
    )
    tell(report, layer_lines, json_=json_)


def _said(verdicts: str, criterion: str) -> Mapping[str, JudgeRow]:
    return {row.subject: row for row in judge_rows(verdicts) if row.criterion == criterion and not row.probe}


def _failed(row: JudgeRow | None, threshold: float | None, passes: float) -> bool | None:
    if row is None or row.mark is None:
        return None
    return row.mark <= threshold if threshold is not None else row.mark < passes
