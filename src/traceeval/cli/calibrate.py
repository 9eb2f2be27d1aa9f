"""``traceeval calibrate``: labels of people into a calibration of the embedded checker."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceeval.cli._failures import exits
from traceeval.compare.calibrate import as_csv, calibrate, draw, read_claims, read_labels
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.model import Calibration

CLAIMS = "claims.jsonl"


@click.group()
def command() -> None:
    """Draw claims for people to label, and fit the checker to what they say."""


@command.command("draw")
@click.option("--run", "folder", required=True, metavar="DIR", help="Output folder of `traceeval evaluate`.")
@click.option("-n", "count", type=click.IntRange(1), default=40, show_default=True)
@click.option("--seed", default="0", show_default=True)
@exits
def draw_command(folder: str, count: int, seed: str) -> None:
    """Print claims to label as CSV: write `supported` or `unsupported` into the last column."""
    chosen = draw(read_claims(Path(folder) / CLAIMS), count, seed)
    if not chosen:
        raise ConfigError(f"{folder}: no claim that labels could teach from")
    csv.writer(sys.stdout, lineterminator="\n").writerows(as_csv(chosen))
    click.echo(f"{len(chosen)} claims, each of another trace", err=True)


@command.command("fit")
@click.option("--run", "folder", required=True, metavar="DIR", help="Output folder the claims were drawn from.")
@click.option("--labels", metavar="FILE", help="The CSV with its labels.")
@click.option("--from-decisions", is_flag=True, help="Learn from what people settled in the review queue instead.")
@click.option("--queue", "url", metavar="URL", help="The review queue; DIR/review.db where none is given.")
@click.option("--name", default="default", show_default=True, help="Which queue of the database.")
@click.option(
    "--defer", type=click.FloatRange(0, 1), default=0.30, show_default=True, help="Share of claims left to people."
)
@click.option("--min-accuracy", type=click.FloatRange(0, 1), default=0.75, show_default=True)
@click.option(
    "--out", required=True, metavar="FILE", help="Where the calibration goes; later: evaluate --calibration FILE."
)
@click.option("--plot", metavar="FILE", help="Also draw reliability and risk against coverage, as SVG.")
@exits
def fit_command(
    folder: str,
    labels: str | None,
    from_decisions: bool,
    url: str | None,
    name: str,
    defer: float,
    min_accuracy: float,
    out: str,
    plot: str | None,
) -> None:
    """Fit two numbers and a band, say how far they can be trusted, and write them to a file."""
    import msgspec

    if (labels is None) is not from_decisions:
        raise ConfigError("name --labels FILE or --from-decisions, one of the two")
    told = read_labels(Path(labels)) if labels else _decided(folder, url, name)
    made = calibrate(read_claims(Path(folder) / CLAIMS), told, defer=defer, min_accuracy=min_accuracy)
    Path(out).write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
    if plot is not None:
        from traceeval.report import calibration_plot

        Path(plot).write_text(calibration_plot(made), encoding="utf-8")
    for line in _told(made):
        click.echo(line)
    if made.state == "cannot_tell":
        click.echo("the labels do not support deciding: with this file every claim goes to people or a judge", err=True)


def _decided(folder: str, url: str | None, name: str) -> Mapping[str, bool]:
    """Labels from the decisions of a queue, calibration split only."""
    from traceeval.cli._fired import traces_of
    from traceeval.cli._people import people_rows
    from traceeval.compare.from_decisions import claim_labels

    people = people_rows(url or f"sqlite:///{Path(folder) / 'review.db'}", name, None)
    found = claim_labels(read_claims(Path(folder) / CLAIMS), people, traces_of(folder))
    click.echo(
        f"{len(found.labels)} labels from decisions on answers of one claim; left out: {found.several} answers of "
        f"several claims, {found.elsewhere} decisions outside the calibration split",
        err=True,
    )
    return found.labels


def _told(made: Calibration) -> Iterator[str]:
    """What a person has to know before trusting it; every figure is leave-one-out."""
    yield f"{made.state}: {made.checker}, language {made.language}, {made.labels} labels ({made.supported} supported)"
    yield f"p = sigmoid({made.a:.3f} * (6s - 3) + {made.b:.3f}), deferred where |p - .5| < {made.h:.3f}"
    if made.by_rule:
        over = f", {made.overflow:.0f} of them beyond" if made.overflow >= 1 else ", within"
        yield f"{made.by_rule} claims are deferred by rule whatever their score{over} the asked {made.defer:.0%}"
    ece = "needs 50 labels" if made.ece is None else f"{made.ece:.3f}"
    yield f"Brier {_number(made.brier)}, skill {_number(made.skill)}, ECE {ece}, accuracy {_number(made.accuracy)} outside the band"
    yield "deferred  accuracy  95 %        n"
    for row in made.risk_coverage:
        if row.accuracy is not None and row.low is not None and row.high is not None:
            yield f"{row.deferred:>7.0%}  {row.accuracy:>8.2f}  {row.low:.2f}-{row.high:.2f}  {row.n:>3}"
    yield "said      were so   n"
    for one in made.reliability:
        yield f"{one.mean:>7.2f}  {one.share:>8.2f}  {one.n:>3}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
