"""``traceeval review``: claim, judge, decline and settle at the terminal, by the services the pages will use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import click

from traceeval.cli._failures import GATE_FAILED, exits
from traceeval.cli._lease import asked_for, lease_lines
from traceeval.cli._report import tell
from traceeval.cli._verdict import naming_options, submission
from traceeval.errors import ConfigError, Refused
from traceeval.review import (
    Nothing,
    Status,
    Store,
    claim,
    decline,
    provisional,
    save_alone,
    show,
    status,
    submit,
)
from traceeval.review.plain import MOST, one_line, trace_lines
from traceeval.review.submission import CAUSES

DEFAULT_QUEUE = "sqlite:///traceeval-out/review.db"


@click.group()
def command() -> None:
    """Judge what was queued for people: blind, with reasons, settled by a third person where two disagree."""


def _options(*options: Callable[..., Any]) -> Callable[..., Any]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_queue = _options(
    click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL"),
    click.option("--name", default="default", show_default=True, help="Which queue of the database."),
)
_person = _options(click.option("--as", "handle", required=True, metavar="HANDLE", help="Who you are."), _queue)
_lease = _options(
    click.option("--slot", type=int, help="As `claim` printed it; default: the one you hold."),
    click.option("--fence", type=int, help="As `claim` printed it."),
)
_said = _options(
    _lease,
    click.option("--file", help="A verdict as JSON (`traceeval schema verdict`); options win over it."),
    click.option("--mark", "marks", multiple=True, metavar="CRITERION=1..5", help="Or not_applicable, cannot_judge."),
    click.option("--reason", "reasons", multiple=True, metavar="CRITERION=WHY", help="For marks 1 and 2, and flags."),
    click.option("--flag", "flags", multiple=True),
    click.option("--evidence", multiple=True, metavar="SPAN"),
    click.option("--rationale", help="Why, in your words; required, save of one response alone."),
    click.option("--unsure", multiple=True, metavar="CRITERION"),
    click.option("--escalate", is_flag=True, help="A third person should look, whatever the second says."),
    click.option(
        "--prefer", type=click.Choice(["a", "b", "tie", "both_bad"]), help="Side by side: a is what stood first."
    ),
    click.option("--answer", help="In relevance queues: a right answer to the question."),
    click.option("--claim", "claims", multiple=True, help="In relevance queues: what a right answer states."),
    click.option("--key", help="Idempotency key; the same key with the same verdict is stored once."),
)
_full = click.option("--full", is_flag=True, help=f"Texts of any length; else {MOST} characters of each.")


@command.command("list")
@_person
@exits
def list_(handle: str, url: str, name: str) -> None:
    """Show what is open for you, what you hold, and drafts of slots you lost."""
    now = status(Store(url, create=False), name, handle)
    slots = now.slots
    click.echo(f"queue {name}: {_counts(now.items)}; frame of {now.frame} traces")
    wait = "" if now.next_expiry_s is None else f", next expiry in {_minutes(now.next_expiry_s)}"
    special = ((now.to_calibrate, "to calibrate"), (now.to_qualify, "to qualify"))
    parts = ", ".join(f"{count} {what}" for count, what in special if count)
    mine = f"{now.open_for_me} open for you{f' ({parts})' if parts else ''}"
    click.echo(f"{mine}, {slots.get('open', 0)} open, {slots.get('leased', 0)} leased{wait}")
    if now.why is not None:
        click.echo(f"why: {now.why}")
    for held in now.mine:
        where = f"slot {held.slot} of item {held.item}, fence {held.fence}"
        click.echo(f"yours: {where}: {held.kind}, {_minutes(held.left_s)} left")
    for slot, body in now.drafts:
        click.echo(f"draft of slot {slot}: marks {body.get('marks')}; {one_line(str(body.get('rationale', '')))}")


@command.command("claim")
@_person
@_full
@exits
def claim_(handle: str, url: str, name: str, full: bool) -> None:
    """Lease the next trace and print it with the rubric. Why it was chosen is told after you submit."""
    got = claim(Store(url, create=False), name, handle)
    if isinstance(got, Nothing):
        wait = "" if got.next_expiry_s is None else f", next expiry in {_minutes(got.next_expiry_s)}"
        click.echo(f"0 open for you, {got.open_for_others} open for others, {got.leased} leased{wait}")
        if got.why is not None:
            click.echo(f"why: {got.why}")
        return
    click.echo("\n".join(lease_lines(got, [*asked_for("url", "name"), "--as", handle], None if full else MOST)))


@command.command("alone")
@click.argument("side", type=click.Choice(["a", "b"]))
@_person
@_said
@exits
@naming_options()
def alone(
    side: Literal["a", "b"],
    handle: str,
    url: str,
    name: str,
    slot: int | None,
    fence: int | None,
    key: str | None,
    **said: Any,
) -> None:
    """Mark one response of a protocol by itself; what is marked stands once both are compared."""
    verdict = submission(**said, cause=None, indeterminate=False)
    store = Store(url, create=False)
    slot, fence = _which(store, name, handle, slot, fence)
    stage = save_alone(store, slot, handle, fence, side, verdict)
    click.echo(
        f"stored; next: {'the other response' if stage.startswith('alone') else 'both'} (traceeval review claim)"
    )


@command.command("submit")
@_person
@_said
@exits
@naming_options(cause="traceeval review adjudicate")
def submit_(
    handle: str, url: str, name: str, slot: int | None, fence: int | None, key: str | None, **said: Any
) -> None:
    """Store your verdict; nobody sees it before the others have judged."""
    verdict = submission(**said, cause=None, indeterminate=False)
    store = Store(url, create=False)
    slot, fence = _which(store, name, handle, slot, fence)
    receipt = submit(store, slot, handle, fence, verdict, key or f"{slot}/{fence}")
    note = " (late, still accepted)" if receipt.late else " (it was stored before)" if receipt.replayed else ""
    click.echo(f"verdict {receipt.verdict} stored{note}; the item is {receipt.state}")


def _which(store: Store, queue: str, handle: str, slot: int | None, fence: int | None) -> tuple[int, int]:
    """The slot that was named, or the only one held."""
    if slot is not None and fence is not None:
        return slot, fence
    held = [one for one in status(store, queue, handle).mine if slot in (None, one.slot)]
    if len(held) != 1:
        raise Refused(_unclear(queue, handle, slot, [one.slot for one in held]))
    return held[0].slot, held[0].fence


def _unclear(queue: str, handle: str, slot: int | None, held: list[int]) -> str:
    """Why it is not plain which slot is meant, and what to do."""
    if held:
        return f"{handle} holds slots {', '.join(map(str, held))} of queue {queue}: name one with --slot"
    what = f"no slot of queue {queue}" if slot is None else f"no slot {slot} in queue {queue}"
    return (
        f"{handle} holds {what}: `traceeval review claim` leases one; of a lease that ran out give --slot and --fence, "
        "as `claim` printed them"
    )


@command.command("adjudicate")
@_person
@_said
@click.option("--cause", help=f"Why they disagreed, which makes it final: {', '.join(CAUSES)}.")
@click.option("--indeterminate", is_flag=True, help="It cannot be decided.")
@exits
@naming_options()
def adjudicate(
    handle: str,
    url: str,
    name: str,
    slot: int | None,
    fence: int | None,
    key: str | None,
    cause: str | None,
    indeterminate: bool,
    **said: Any,
) -> None:
    """Settle a dispute: without --cause your blind verdict, which shows the others; with --cause the decision."""
    verdict = submission(**said, cause=cause, indeterminate=indeterminate)
    store = Store(url, create=False)
    slot, fence = _which(store, name, handle, slot, fence)
    if verdict.cause is None:
        for number, body in enumerate(provisional(store, slot, handle, fence, verdict), 1):
            click.echo("\n".join(_verdict_lines(f"verdict {number}", body)))
        click.echo(f"your blind verdict is stored; decide with --cause {'|'.join(CAUSES)}")
        return
    receipt = submit(store, slot, handle, fence, verdict, key or f"{slot}/{fence}")
    click.echo(f"decision stored; the item is {receipt.state}(adjudicated)")


def _verdict_lines(title: str, body: Mapping[str, Any]) -> Iterator[str]:
    marks = ", ".join(f"{name} {mark}" for name, mark in {**body["marks"], **body["absent"]}.items())
    yield f"{title}: {marks}; flags: {', '.join(body['flags']) or 'none'}"
    yield f"  because: {one_line(body['rationale'])}"
    yield from (f"  {name}: {one_line(why)}" for name, why in body["reasons"].items())
    if body["evidence"]:
        yield f"  evidence: {', '.join(one_line(span) for span in body['evidence'])}"


@command.command("decline")
@_person
@_lease
@click.option("--reason", required=True, help="conflict_of_interest, language, expertise, distress or broken.")
@exits
def decline_(handle: str, url: str, name: str, slot: int | None, fence: int | None, reason: str) -> None:
    """Give a trace back; it is never offered to you again, and distress has no consequences for you."""
    store = Store(url, create=False)
    slot, fence = _which(store, name, handle, slot, fence)
    decline(store, slot, handle, fence, reason)
    click.echo(f"slot {slot} is open for others")


@command.command("show")
@_person
@click.argument("item", type=int)
@_full
@exits
def show_(handle: str, url: str, name: str, item: int, full: bool) -> None:
    """Print an item: why it was chosen once you have judged it, what others marked once it is settled."""
    view = show(Store(url, create=False), item, handle)
    settled = f"({view.decision['method']})" if view.decision else f" ({view.cause})" if view.cause else ""
    click.echo(f"item {view.id}: {view.state}{settled}")
    click.echo("\n".join(trace_lines(view.shown.trace, None if full else MOST)))
    for rule, text in view.reasons:
        click.echo(f"chosen for {one_line(rule)}: {one_line(text)}")
    if view.judge is not None:
        click.echo(f"a judge's score before anybody looked: {view.judge:.2f}")
    for body in view.verdicts:
        click.echo("\n".join(_verdict_lines("verdict", body)))
    if view.decision is not None:
        marks = ", ".join(f"{name} {mark}" for name, mark in view.decision["marks"].items())
        alone = "; one person's word" if view.decision["unreplicated"] else ""
        click.echo(f"decision: {view.decision['outcome']}: {marks}{alone}")


@command.command("status")
@_queue
@click.option("--json", "as_json", is_flag=True)
@exits
def status_(url: str, name: str, as_json: bool) -> None:
    """Print how many items and slots are in which state."""
    now = status(Store(url, create=False), name)
    if as_json:
        click.echo(_json(now))
    else:
        click.echo(f"{_counts(now.items)}; slots: {_counts(now.slots)}; frame of {now.frame} traces")


@command.command("estimates")
@_queue
@click.option("--frame", type=int, metavar="N", help="Which frame; default: the latest.")
@click.option("--by", multiple=True, metavar="FIELD", help="Slices: lang, stratum, or a field stored at the draw.")
@click.option(
    "--fail-under", "gates", multiple=True, metavar="OUTCOME=VALUE", help='E.g. "safety: pass=0.95", "any flag=0.02".'
)
@click.option("--json", "as_json", is_flag=True)
@exits
def estimates_(
    url: str, name: str, frame: int | None, by: tuple[str, ...], gates: tuple[str, ...], as_json: bool
) -> int:
    """Print what the reviewed traces say of all: rates with intervals, and a bound on harm nobody saw.

    A gate reads the worse bound: at least VALUE for passes, marks and preferences, at most for flags. Exit code 1 where
    it does not hold or may not be asked: work is not done, too few are reviewed, more than 5 % have no label, people do
    not agree.
    """
    from traceeval.cli._figures import estimate_lines
    from traceeval.review.estimates import estimates
    from traceeval.run import agreed_on, failed_estimates, parse_gate

    asked, store = [parse_gate(text) for text in gates], Store(url, create=False)
    found = estimates(store, name, frame=frame, by=by)
    tell(found, estimate_lines, json_=as_json)
    failed = failed_estimates(asked, found, agreed_on(store, name)) if asked else []
    for line in failed:
        click.echo(f"gate failed: {line}", err=True)
    return GATE_FAILED if failed else 0


@command.command("agreement")
@_queue
@click.option("--json", "as_json", is_flag=True)
@exits
def agreement_(url: str, name: str, as_json: bool) -> None:
    """Print how far independent reviewers agree: alpha, AC and raw agreement with intervals."""
    from traceeval.cli._figures import agreement_lines
    from traceeval.review.agreement import agreements

    found = agreements(Store(url, create=False), name)
    tell(found, agreement_lines, json_=as_json)


@command.command("adjudications")
@_queue
@click.option("--json", "as_json", is_flag=True)
@exits
def adjudications_(url: str, name: str, as_json: bool) -> None:
    """Print what third persons decided: how often it changed their blind verdict, whom they joined, why people differed."""
    from traceeval.cli._figures import adjudication_lines
    from traceeval.review.adjudications import adjudications

    tell(adjudications(Store(url, create=False), name), adjudication_lines, json_=as_json)


def _json(now: Status) -> str:
    import json

    return json.dumps(
        {"queue": now.queue, "items": dict(now.items), "slots": dict(now.slots), "frame": now.frame}, indent=2
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing"


def _minutes(seconds: float) -> str:
    return f"{max(1, round(seconds / 60))} min"


@command.command("demo")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--queue", "url", metavar="URL", help="Keep it here; default: a temporary file, gone afterwards.")
@click.option("--serve/--no-serve", "serving", default=True, show_default=True, help="Whether the pages are opened.")
@exits
def demo_(port: int, url: str | None, serving: bool) -> None:
    """Open the pages on a queue to try: example traces, three reviewers who began to work, a lead and an auditor."""
    import tempfile

    if url is None and not serving:
        raise ConfigError("--no-serve keeps nothing unless --queue says where")

    from traceeval.web import demo
    from traceeval.web.serving import Where, serve

    with tempfile.TemporaryDirectory(prefix="traceeval-demo-") as folder:
        address, password = url or f"sqlite:///{folder}/review.db", demo.new_password()
        click.echo("evaluating the example traces …")
        store = Store(address)
        demo.fill(store, password)
        store.close()
        click.echo("\n".join(demo.greeting(password)))
        if serving:
            serve(address, Where(port=port), click.echo)
