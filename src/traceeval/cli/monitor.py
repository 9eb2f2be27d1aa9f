"""``traceeval monitor``: whether production still is what it was, by alarms that stay valid however often one looks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceeval.cli._failures import GATE_FAILED, INTERNAL, exits
from traceeval.cli._report import tell
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.review.webhooks import Webhook

SECRET = "TRACEEVAL_WEBHOOK_SECRET"


@click.command()
@click.argument("reference", metavar="REFERENCE")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="What is watched, in 0..1; repeatable.")
@click.option("--alpha", type=click.FloatRange(0, 1, min_open=True), default=0.05, show_default=True, metavar="SHARE")
@click.option("--webhook", metavar="URL", help=f"Tell each alarm once; signed with the secret in {SECRET}.")
@click.option("--state", metavar="FILE", help="Which alarms were told; needed with --webhook.")
@click.option("--out", metavar="FILE", help="Also write the page, with a plot.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(
    reference: str,
    folders: tuple[str, ...],
    metrics: tuple[str, ...],
    alpha: float,
    webhook: str | None,
    state: str | None,
    out: str | None,
    json_: bool,
) -> int:
    """Watch the traces of FOLDERs, written by `traceeval evaluate`, against those of REFERENCE.

    Run it after every batch, for years: with a chance of --alpha any alarm at all is ever false. Exit codes: 0 no alarm, 1
    an alarm, 2 usage, 4 the webhook was not taken.
    """
    from traceeval.report import render_watch_page, watch_lines
    from traceeval.run import monitor_folders, tell_alarms

    hook = _hook(webhook, state)
    report = monitor_folders(reference, folders, metrics=metrics, alpha=alpha)
    if out is not None:
        render_watch_page(report, Path(out))
    tell(report, watch_lines, json_=json_)
    if hook is not None and state is not None:
        try:
            tell_alarms(report, Path(state), hook)
        except OSError as error:
            click.echo(f"traceeval: alarm not told: {error}; it is sent again the next time", err=True)
            return INTERNAL
    return GATE_FAILED if any(row.alarm_at is not None for row in report.metrics) else 0


def _hook(url: str | None, state: str | None) -> Webhook | None:
    from traceeval.review.webhooks import Webhook, secret_of

    if url is None:
        return None
    if state is None:
        raise ConfigError("--webhook needs --state FILE: what was told is kept there, so that an alarm is told once")
    return Webhook(name="monitor", url=url, secret=secret_of(os.environ.get(SECRET, "")))
