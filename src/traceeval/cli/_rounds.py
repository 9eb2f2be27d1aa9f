"""Calibration rounds at the terminal: ``traceeval queue calibrate``, ``rounds`` and ``reveal``."""

from __future__ import annotations

from collections.abc import Mapping

import click

from traceeval.cli._failures import exits
from traceeval.cli._fill import tag_field, warn_field
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.review import Store
from traceeval.review.calibration import rounds, subjects_from, version_named
from traceeval.review.rounds import TARGET, open_round, reveal

_url = click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
_as = click.option("--as", "handle", required=True, metavar="HANDLE", help="Who you are; it goes on record.")
_name = click.option("--name", required=True, help="Which queue of the database.")


@click.command("calibrate")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_as
@_url
@_name
@click.option("--rubric", "asked", metavar="NAME:VERSION", help="The version it tries; default: the queue's.")
@click.option("--target", type=click.FloatRange(0, 1), default=TARGET, show_default=True, help="Alpha to be reached.")
@tag_field
@warn_field
@exits
def calibrate_(
    paths: tuple[str, ...],
    handle: str,
    url: str,
    name: str,
    asked: str | None,
    target: float,
    tag_field: str | None,
    warn_field: str | None,
) -> None:
    """Open a calibration round: 10 to 20 traces of PATH, the same for everybody, blind.

    They are judged before anything else, and never become labels. A queue that compares takes two responses a question.
    """
    from traceeval.adapters import read
    from traceeval.cli._stdin import reopenable
    from traceeval.run import stated_tag, stated_warnings

    store = Store(url, create=False)
    with reopenable(paths) as files:
        subjects = subjects_from(
            store,
            name,
            read(files),
            tag=lambda trace: stated_tag(trace, tag_field),
            warnings=lambda trace: stated_warnings(trace, warn_field),
        )
    tried = None if asked is None else version_named(store, asked)
    round_ = open_round(store, name, handle, subjects, rubric=tried, target=target)
    click.echo(f"round {round_} is open: {len(subjects)} items; `traceeval queue reveal {round_}` ends it")


@click.command("rounds")
@_url
@_name
@exits
def rounds_(url: str, name: str) -> None:
    """List calibration rounds: how many people are through, and the agreement they ended with."""
    found = rounds(Store(url, create=False), name)
    for one in found:
        state = "open" if one.open else f"laid open, {_agreed(one.alpha)}"
        people = f"{one.through} through, {one.started} began"
        click.echo(
            f"round {one.id} (number {one.n}): {one.rubric} version {one.version}, {one.items} items, {people}; {state}"
        )
    if not found:
        click.echo("no round yet")


@click.command("reveal")
@_as
@_url
@click.argument("round_id", type=int, metavar="ROUND")
@exits
def reveal_(handle: str, url: str, round_id: int) -> None:
    """End a round and lay it open to those who took part, without names; print what they agree on."""
    found = reveal(Store(url, create=False), round_id, handle)
    click.echo(f"round {found.n}: {found.people} people, target {found.target:g}: {_agreed(found.alpha)}")
    click.echo(
        "reached: freeze the rubric" if found.reached else "not reached: talk it over, better the wording, repeat"
    )


def _agreed(alpha: Mapping[str, float | None]) -> str:
    told = (f"{name} {'all the same' if value is None else f'{value:.2f}'}" for name, value in alpha.items())
    return ", ".join(told) or "nothing to agree on"
