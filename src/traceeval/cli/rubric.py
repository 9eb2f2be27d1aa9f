"""``traceeval rubric``: read, add, compare and freeze the versions of what people are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click
import msgspec

from traceeval.cli._failures import exits, printable
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError
from traceeval.model import Rubric
from traceeval.review import Store
from traceeval.review.plain import one_line, rubric_lines
from traceeval.review.relevance import relevance_rubric
from traceeval.review.rubric import diff, freeze, read_rubric, require_complete, rubric_version, save_rubric
from traceeval.review.starter import core, starter

OURS: Mapping[str, Callable[[], Rubric]] = {"starter": starter, "core": core, "relevance": relevance_rubric}


@click.group()
def command() -> None:
    """Rubrics: five marks with their wording and annotated excerpts, in versions that are never edited."""


_url = click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
_as = click.option("--as", "handle", required=True, metavar="HANDLE", help="Who you are; it goes on record.")


@command.command("show")
@click.argument("name", type=click.Choice(sorted(OURS)))
@click.option("--json", "as_json", is_flag=True, help="As a file to begin your own from.")
@exits
def show(name: str, as_json: bool) -> None:
    """Print a rubric that ships."""
    rubric = OURS[name]()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rubric), indent=1).decode())
    else:
        click.echo("\n".join(rubric_lines(rubric)))


@command.command("add")
@_as
@_url
@click.option("--note", default="", help="What changed, and why.")
@click.argument("file")
@exits
def add(handle: str, url: str, note: str, file: str) -> None:
    """Store a version, not frozen yet: it serves calibration rounds."""
    rubric = _read(file)
    save_rubric(Store(url), rubric, handle, note=note)
    stored = f"{rubric.id} version {rubric.version} ({rubric.locale}) is stored; calibrate on it, then freeze it"
    click.echo(printable(stored))


@command.command("freeze")
@_as
@_url
@click.option("--locale", default="en", show_default=True)
@click.argument("name")
@click.argument("version", type=int)
@exits
def freeze_(handle: str, url: str, locale: str, name: str, version: int) -> None:
    """Let a version serve live queues; it lacks nothing, and stays as it is."""
    freeze(Store(url, create=False), name, version, handle, locale=locale)
    click.echo(printable(f"{name} version {version} ({locale}) is frozen"))


@command.command("check")
@click.argument("file")
@exits
def check(file: str) -> None:
    """Say what a file lacks before it can be frozen."""
    rubric = _read(file)
    require_complete(rubric)
    click.echo(printable(f"{rubric.id} version {rubric.version}: whole, {len(rubric.criteria)} criteria"))


@command.command("diff")
@_url
@click.option("--locale", default="en", show_default=True)
@click.argument("name")
@click.argument("old", type=int)
@click.argument("new", type=int)
@exits
def diff_(url: str, locale: str, name: str, old: int, new: int) -> None:
    """Print what an edit changed, place by place."""
    store = Store(url, create=False)
    before, after = (rubric_version(store, name, version, locale=locale)[0] for version in (old, new))
    for change in diff(before, after):
        click.echo(printable(change.where))
        for sign, text in (("-", change.before), ("+", change.after)):
            if text is not None:
                click.echo(f"  {sign} {one_line(text)}")


def _read(file: str) -> Rubric:
    try:
        return read_rubric(Path(file).read_bytes(), file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from error
