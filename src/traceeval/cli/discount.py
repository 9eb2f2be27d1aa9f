"""``traceeval discount``: how much a public benchmark still says about an application."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceeval.cli._failures import GATE_FAILED, exits
from traceeval.cli._report import tell
from traceeval.cli._sets import read_set, read_text
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.measures.kinds import Asked
    from traceeval.model import DiscountReport

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("rows", metavar="ROWS")
@click.option("--published", type=_DAY, metavar="DATE", help="When it became public.")
@click.option("--cutoff", type=_DAY, metavar="DATE", help="When the model's training data ends; default: today.")
@click.option("--half-life", type=click.FloatRange(0, min_open=True), default=2.0, show_default=True, metavar="YEARS")
@click.option("--beside", metavar="RUN", help="A folder of `traceeval evaluate` on production, to be close to.")
@click.option("--text", metavar="FIELD", help="The field that holds what a row asks.")
@click.option(
    "--corpus", multiple=True, metavar="FILE", help="Text to look for the rows in: a corpus, outputs; repeatable."
)
@click.option(
    "--canary", "canaries", multiple=True, metavar="TEXT", help="A string that stands only in it; repeatable."
)
@click.option(
    "--right", metavar="FIELD", help="The field that says whether a row was answered right: true, false, or 0 to 1."
)
@click.option(
    "--fail-under", "gates", multiple=True, metavar="NAME=VALUE", help="Gate on the worse bound of weight, or of right."
)
@click.option("--out", metavar="FILE", help="Also write the page, with a plot.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(
    rows: str,
    published: datetime | None,
    cutoff: datetime | None,
    half_life: float,
    beside: str | None,
    text: str | None,
    corpus: tuple[str, ...],
    canaries: tuple[str, ...],
    right: str | None,
    gates: tuple[str, ...],
    out: str | None,
    json_: bool,
) -> int:
    """Discount ROWS, JSON lines of a public benchmark, by its age, its closeness to the task, and its contamination.

    An input that is not given is unknown, and the weight with it: then there are bounds only, and gates read the worse
    one. Exit codes: 0 done, 1 a gate failed, 2 usage.
    """
    from traceeval.compare import Fields, Known, discount
    from traceeval.report import discount_lines, render_discount_page
    from traceeval.risk import load_policy
    from traceeval.run import limits_on, read_production

    limits = limits_on(("weight", "right"), gates)
    read = read_set(rows, text=text, right=right)
    known = Known(
        until=cutoff.date() if cutoff else date.today(),
        published=_past(published),
        questions=_asked(read, text),
        production=read_production(Path(beside), load_policy().queue_level) if beside else None,
        elsewhere=[read_text(path) for path in corpus],
        canaries=canaries,
        right=None if right is None else [_score(row, right, rows) for row in read],
    )
    report = discount(read, Fields(label=right), known, half_life=half_life)
    if out is not None:
        render_discount_page(report, Path(out))
    tell(report, discount_lines, json_=json_)
    return _held(report, limits)


def _past(published: datetime | None) -> date | None:
    if published is not None and published.date() > date.today():
        raise ConfigError(f"--published {published:%Y-%m-%d}: lies in the future; name the day it became public")
    return None if published is None else published.date()


def _asked(rows: list[dict[str, object]], text: str | None) -> list[Asked]:
    from traceeval.measures.kinds import asked

    return [] if text is None else [asked(str(row.get(text) or ""), None) for row in rows]


def _score(row: dict[str, object], field: str, where: str) -> float:
    value = row.get(field)
    if not isinstance(value, bool | int | float) or not 0 <= value <= 1:
        raise ConfigError(
            f"--right {field}: {where} has a row with {value!r}; write true, false, or a number from 0 to 1"
        )
    return float(value)


def _held(report: DiscountReport, limits: dict[str, float]) -> int:
    bounds = {"weight": report.weight.low, "right": None if report.counts is None else report.counts.low}
    failed = False
    for name, least in limits.items():
        low = bounds[name]
        if low is None or low < least:
            told = "not known" if low is None else f"worse bound {low:.4f} is under {least:g}"
            why = report.weight.why or (report.counts.why if report.counts is not None else "--right is not given")
            click.echo(f"gate failed: {name}: {told}{'; ' + why if why else ''}", err=True)
            failed = True
    return GATE_FAILED if failed else 0
