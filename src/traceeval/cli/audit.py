"""``traceeval audit``: the chain of what happened in a queue, and its hand-over."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from traceeval.cli._failures import GATE_FAILED, exits
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError
from traceeval.measures.safe_text import visible
from traceeval.review import Checkpointer, Originals, Store, erase_everywhere, read_checkpoints
from traceeval.review import checkpoint as take
from traceeval.review import reveal as look
from traceeval.review import verify as walk
from traceeval.review.checkpoints import EVERY, SECONDS

WATCH_S = 5.0
_queue = click.option(
    "--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL"
)


@click.group()
def command() -> None:
    """Verify the record of a queue, export checkpoints of it, or hand it over as an audit pack."""


@command.command("verify")
@_queue
@click.option("--checkpoint", "file", type=Path, help="Checkpoints kept outside the database, one a line.")
@exits
def verify(url: str, file: Path | None) -> int:
    """Walk the chain, match every verdict and decision with its event; exit 1 names the first event that does not hold."""
    found = walk(Store(url, create=False), *(read_checkpoints(file) if file else ()))
    if found.problem is not None:
        where = f"event {found.bad_seq}: " if found.bad_seq is not None else ""
        click.echo(f"NOT intact: {where}{found.problem} ({found.events} events in the chain)", err=True)
        return GATE_FAILED
    word = "complete up to the checkpoint" if found.complete else "chain consistent, not proven complete"
    click.echo(f"{found.events} events, {word}; head {found.head}")
    return 0


@command.command("checkpoint")
@_queue
@click.option("--to", "file", type=Path, help="Append to this file, on other storage than the database.")
@click.option(
    "--sign", metavar="COMMAND", help="Reads the checkpoint, prints its signature; e.g. `ssh-keygen -Y sign …`."
)
@click.option("--watch", is_flag=True, help="Keep running: one every 100 events or 10 minutes.")
@exits
def checkpoint(url: str, file: Path | None, sign: str | None, watch: bool) -> None:
    """Print the present end of the chain; keep it on other storage than the database."""
    store, signer = Store(url, create=False), shlex.split(sign or "")
    if file is None and not watch:
        click.echo(take(store, sign=signer).line)
        return
    every, seconds = (EVERY, SECONDS) if watch else (0, 0.0)
    keeper = Checkpointer(store, file=file, say=click.echo, sign=signer, every=every, seconds=seconds)
    keeper.tick()
    while watch:
        time.sleep(WATCH_S)
        keeper.tick()


@command.command("pack")
@_queue
@click.option("--out", type=Path, default=Path("audit-pack.zip"), show_default=True, help="Replaced when complete.")
@click.option(
    "--benchmark",
    "benchmarks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A file of results to hand over with it.",
)
@click.option(
    "--decision", type=Path, metavar="DIR", help="What `traceeval decide --out` wrote: the decision to release."
)
@click.option("--judged", metavar="FILE", help="A judge's verdicts: it is measured against the people of the queue.")
@click.option("--name", default="default", show_default=True, help="Which queue's people, with --judged.")
@click.option("--names", is_flag=True, help="Also where the record of an earlier version names people.")
@exits
def pack(
    url: str,
    out: Path,
    benchmarks: tuple[Path, ...],
    decision: Path | None,
    judged: str | None,
    name: str,
    names: bool,
) -> int:
    """Write one file for an auditor: protocol, people, verdicts, decisions, statistics, the whole record, its verifier."""
    from traceeval.cli._people import judge_rows, people_rows
    from traceeval.compare import compare_judge
    from traceeval.run import measured_parts, write_pack

    store = Store(url, create=False)
    found = walk(store)
    if found.problem is not None:
        click.echo(f"NOT intact: {found.problem}; nothing is packed: see `traceeval audit verify`", err=True)
        return GATE_FAILED
    parts = measured_parts(store, compare_judge(judge_rows(judged), people_rows(url, name, None))) if judged else None
    made = write_pack(store, out, parts or measured_parts(store), benchmarks, decision=decision, names=names)
    click.echo(f"{out}: sha256 {made}; head {found.head}")
    click.echo("keep that digest beside the checkpoints, and hand it over apart from the pack; then")
    click.echo(f"on any machine with Python 3.9: python3 -I -S verify.py {out.name} --checkpoint FILE --sha256 {made}")
    return 0


_said = (
    click.option("--as", "handle", required=True, metavar="HANDLE", help="Who you are."),
    click.option("--reason", required=True, help="Why; it goes on record."),
    click.option("--originals", envvar="TRACEEVAL_ORIGINALS", metavar="URL", help="The store of unredacted texts."),
)


def _with_reason(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_said):
        function = option(function)
    return function


@command.command("reveal")
@click.argument("subject")
@_with_reason
@_queue
@exits
def reveal(subject: str, url: str, handle: str, reason: str, originals: str | None) -> None:
    """Print the unredacted trace SUBJECT (its hash), once it stands on record who asked and why."""
    if originals is None:
        raise ConfigError("no store of originals is named: --originals URL, as it was given to `traceeval evaluate`")
    shown = look(Store(url, create=False), Originals(originals), subject, handle, reason)
    click.echo(visible(shown.decode("utf-8", "replace")))


@command.command("erase")
@click.argument("about")
@_with_reason
@_queue
@exits
def erase(about: str, url: str, handle: str, reason: str, originals: str | None) -> None:
    """Erase ABOUT for good: words:UUID of a verdict or subject:SHA256 of a trace. Two people must ask for it."""
    kept = None if originals is None else Originals(originals)
    done = erase_everywhere(Store(url, create=False), kept, about, handle, reason)
    click.echo(f"{about} is erased" if done else f"on record; a second person must ask for {about} too")
