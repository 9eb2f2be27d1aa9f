"""``traceeval queue``: make queues and projects, and look after gold and alarms, by the services the pages use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from traceeval.cli._failures import exits, printable
from traceeval.cli._fill import gold_, pairs_, person_, pool_, tag_field, texts_by_id, warn_field
from traceeval.cli._rounds import calibrate_, reveal_, rounds_
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError
from traceeval.model import Rubric
from traceeval.review import Settings, Store
from traceeval.review.drift import alarms, clear_alarm
from traceeval.review.gold import promote, retire
from traceeval.review.relevance import gold_rows, qrels, relevance_rubric
from traceeval.review.rubric import read_rubric
from traceeval.review.settings import create_project, create_queue
from traceeval.review.starter import core, of_starter, starter
from traceeval.review.waivers import waive


@click.group()
def command() -> None:
    """Make review queues, fill and calibrate them, look after their gold, and write what they found."""


for _one in (calibrate_, rounds_, reveal_, pairs_, pool_, gold_, person_):
    command.add_command(_one)

_url = click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
_as = click.option("--as", "handle", required=True, metavar="HANDLE", help="Who you are; it goes on record.")
_name = click.option("--name", required=True, help="Which queue of the database.")
_reason = click.option("--reason", required=True, help="Why; it goes on record.")


@command.command("create")
@_as
@_url
@_name
@click.option("--mode", type=click.Choice(["single", "pairwise", "protocol", "relevance"]), default="single")
@click.option("--rubric", "asked", default="core", show_default=True, help="core, starter, starter:A,B or a JSON file.")
@click.option("-k", "k", type=int, default=1, show_default=True, help="People an item is shown to, blind.")
@click.option("--ttl", "ttl_s", type=int, default=1200, show_default=True, help="Seconds a lease lasts.")
@click.option("--project", default="default", show_default=True)
@click.option("--solo", is_flag=True, help="One person does everything in the project; all results are unreplicated.")
@click.option("--audience", help="Whose preference this queue asks for.")
@click.option("--seed", default="", help="Of orders, overlap and gold; the same seed draws the same.")
@click.option(
    "--overlap", type=float, default=0.2, show_default=True, help="Share of items two people see, where k is 1."
)
@click.option("--gold-share", type=float, default=0.05, show_default=True, help="Share of slots that are hidden gold.")
@click.option("--budget", type=int, help="Items its draws plan in all; how many are drawn varies.")
@click.option("--lang", "langs", multiple=True, help="A language the queue is for (BCP 47); repeat it.")
@click.option("--qualified", is_flag=True, help="Only people who passed on 20 gold items of this rubric and language.")
@click.option("--members", is_flag=True, help="Only people with a role in the project.")
@click.option("--watch/--no-watch", default=True, show_default=True, help="Whether odd habits pause a person.")
@click.option("--session-cap", type=int, help="Items a person takes within eight hours.")
@click.option("--show-judge", is_flag=True, help="Whether a judge's score is told, once the verdict is in.")
@exits
def create(
    handle: str,
    url: str,
    name: str,
    mode: Any,
    asked: str,
    k: int,
    ttl_s: int,
    project: str,
    solo: bool,
    audience: str | None,
    qualified: bool,
    members: bool,
    **rules: Any,
) -> None:
    """Make a queue; the same one made again is that one, other rules under its name are refused."""
    store = Store(url)
    create_project(store, project, handle, solo=solo)
    settings = Settings(qualification=qualified, members_only=members, **rules)
    rubric = relevance_rubric() if mode == "relevance" and asked == "core" else _rubric(asked)
    place: dict[str, Any] = {"project": project, "audience": audience, "settings": settings}
    create_queue(store, name, handle, rubric=rubric, mode=mode, k=k, ttl_s=ttl_s, **place)
    made = f"queue {name}: {mode}, {rubric.id} version {rubric.version}, {k} an item, project {project}"
    click.echo(printable(made))


def _rubric(asked: str) -> Rubric:
    """A rubric of ours by name, or somebody's from a file."""
    if asked in ("core", "starter"):
        return core() if asked == "core" else starter()
    if asked.startswith("starter:"):
        return of_starter(*asked.removeprefix("starter:").split(","))
    try:
        return read_rubric(Path(asked).read_bytes(), asked)
    except OSError as error:
        raise ConfigError(f"--rubric {asked}: {error.strerror}; write core, starter, starter:A,B or a file") from error


_STATED = (
    ("lang", "languages", "only people who speak them judge those"),
    ("tag", "specialities", "only people who have them judge those"),
    ("warn", "kinds of harmful content", "whoever opted out of them never sees those"),
    ("author", "authors", "they never judge those"),
)


@command.command("draw")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_url
@_name
@click.option("--run", "folder", required=True, metavar="DIR", help="Output folder of `traceeval evaluate`: the frame.")
@click.option("--budget", type=click.IntRange(1), metavar="N", help="Items, on average; default: the queue's own.")
@click.option("--seed", default="0", show_default=True, help="The same seed draws the same; a larger budget only adds.")
@click.option("--policy", metavar="FILE", help="The policy of that run; the shipped one where none is given.")
@click.option("--lang", help="The language all these traces are in (BCP 47).")
@click.option("--lang-field", metavar="FIELD", help="Where their metadata states it, e.g. language.")
@tag_field
@warn_field
@click.option(
    "--author-field", metavar="FIELD", help="Where it states the handles of who wrote them, and never judge them."
)
@click.option("--score", metavar="NAME", help="A score of the run to freeze beside each trace, for estimates.")
@click.option("--originals", metavar="URL", help="Keep unredacted texts in this store.")
@click.option("--from", "format", metavar="NAME", help="The format of PATH; recognised when missing.")
@exits
def draw_(
    paths: tuple[str, ...], url: str, name: str, folder: str, policy: str | None, format: str | None, **how: Any
) -> None:
    """Draw a sample of a recorded run into a queue, with the chance of every trace on record.

    PATH: the traces that were evaluated. What must be seen comes first, the rest by interest; a row is kept for every
    trace of the run, so that the sample speaks for all of them.
    """
    from traceeval.adapters import read_records
    from traceeval.cli._stdin import reopenable
    from traceeval.risk import load_policy
    from traceeval.run import Draw, Setup, draw

    setup = Setup(policy=load_policy(policy), seed=how.pop("seed"))
    with reopenable(paths) as files:
        found = draw(
            Draw(
                folder=Path(folder),
                source=lambda: read_records(files, format=format),
                url=url,
                queue=name,
                setup=setup,
                **how,
            )
        )
    row = found.row
    click.echo(
        f"queue {name}: {row.drawn} of {row.frame} traces drawn, {row.must_see} of them must be seen; {row.added} new"
    )
    of = row.frame + found.left_out
    for field, what, so in _STATED:
        if how[f"{field}_field"] is not None:
            count = found.stated[field]
            click.echo(f"{what} are stated of {count} of {of} traces; {so if count else found.keys}")
    if found.left_out:
        click.echo(f"{found.left_out} traces in no language of the queue are no part of the frame")


@command.command("alarms")
@_url
@_name
@click.option("--all", "everything", is_flag=True, help="Those that were cleared, too.")
@exits
def alarms_(url: str, name: str, everything: bool) -> None:
    """List people whose new slots are paused, and the signal that did it."""
    found = alarms(Store(url, create=False), name, standing=not everything)
    for one in found:
        end = f"; cleared: {one.cleared}" if one.cleared else ""
        click.echo(
            f"alarm {one.id}: {one.handle}: {one.signal} {one.value:.2f} (at {one.threshold:g}): {one.detail}{end}"
        )
    if not found:
        click.echo("no alarm stands")


@command.command("clear")
@_as
@_url
@_reason
@click.argument("alarm", type=int)
@exits
def clear(handle: str, url: str, reason: str, alarm: int) -> None:
    """Let a person go on after an alarm."""
    clear_alarm(Store(url, create=False), alarm, handle, reason)
    click.echo(f"alarm {alarm} is cleared")


@command.command("waive")
@_as
@_url
@_name
@_reason
@click.argument("about", metavar="CRITERION")
@exits
def waive_(handle: str, url: str, name: str, reason: str, about: str) -> None:
    """Let a gate go without people who agree on CRITERION (or a flag, or preference), under this rubric version."""
    waive(Store(url, create=False), name, about, handle, reason)
    click.echo(f"on record: gates of {name} go without agreement on {about}")


@command.command("promote")
@_as
@_url
@click.option("--to", "purpose", type=click.Choice(["hidden", "qualification"]), default="hidden", show_default=True)
@click.argument("item", type=int)
@exits
def promote_(handle: str, url: str, purpose: Any, item: int) -> None:
    """Make gold of an adjudicated item, for people who never judged it."""
    click.echo(f"item {promote(Store(url, create=False), item, handle, purpose)} is gold")


@command.command("retire")
@_as
@_url
@_reason
@click.argument("item", type=int)
@exits
def retire_(handle: str, url: str, reason: str, item: int) -> None:
    """Take a gold item out: it leaked, or was wrong."""
    retire(Store(url, create=False), item, handle, reason)
    click.echo(f"item {item} is gold no more")


@command.command("export")
@_url
@_name
@click.option("--as", "form", type=click.Choice(["qrels", "gold"]), default="qrels", show_default=True)
@click.option("--questions", "file", help="JSON object of question id -> text, as the traces have it; for gold.")
@exits
def export(url: str, name: str, form: str, file: str | None) -> None:
    """Write what experts graded, as TREC qrels or as JSON lines with answers and claims; `evaluate --gold` loads both."""
    store = Store(url, create=False)
    if form == "qrels":
        for line in qrels(store, name):
            click.echo(line)
        return
    import msgspec

    for row in gold_rows(store, name, texts_by_id(file)):
        click.echo(msgspec.json.encode(row).decode())
