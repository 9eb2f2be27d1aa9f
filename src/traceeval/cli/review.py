"""``traceeval review``: claim, judge, decline and settle at the terminal, by the services the pages will use."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import click

from traceeval.cli._failures import exits
from traceeval.cli._verdict import submission
from traceeval.errors import Refused
from traceeval.review import Lease, Nothing, Store, claim, decline, provisional, show, status, submit
from traceeval.review.plain import rubric_lines, trace_lines

DEFAULT_QUEUE = "sqlite:///traceeval-out/review.db"


@click.group()
def command() -> None:
    """Judge what was queued for people: blind, with reasons, settled by a third person where two disagree."""


def _common(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option("--name", default="default", show_default=True, help="Which queue of the database.")(
        function
    )
    function = click.option(
        "--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL"
    )(function)
    return click.option("--as", "handle", required=True, metavar="HANDLE", help="Who you are.")(function)


def _verdict_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--slot", type=int, required=True, help="As `claim` printed it."),
        click.option("--fence", type=int, required=True, help="As `claim` printed it."),
        click.option("--file", help="A verdict as JSON; flags win over it."),
        click.option("--mark", "marks", multiple=True, metavar="CRITERION=1..5"),
        click.option("--reason", "reasons", multiple=True, metavar="CRITERION=WHY"),
        click.option("--flag", "flags", multiple=True),
        click.option("--evidence", multiple=True, metavar="SPAN"),
        click.option("--rationale", help="Why, in your words; required."),
        click.option("--unsure", multiple=True, metavar="CRITERION"),
        click.option("--escalate", is_flag=True),
    ):
        function = option(function)
    return function


@command.command("list")
@_common
@exits
def list_(handle: str, url: str, name: str) -> None:
    """Show the state of the queue, and what you hold."""
    store = Store(url)
    now = status(store, name, handle)
    items = ", ".join(f"{count} {state}" for state, count in sorted(now.items.items())) or "no items"
    click.echo(f"queue {name}: {items}; frame of {now.frame} traces")
    click.echo("slots: " + (", ".join(f"{count} {state}" for state, count in sorted(now.slots.items())) or "none"))
    for slot, item, fence in now.mine:
        click.echo(f"yours: slot {slot} of item {item}, fence {fence}")


@command.command("claim")
@_common
@exits
def claim_(handle: str, url: str, name: str) -> None:
    """Lease the next trace and print it with the rubric. Why it was chosen is told after you submit."""
    store = Store(url)
    got = claim(store, name, handle)
    if isinstance(got, Nothing):
        wait = "" if got.next_expiry_s is None else f", next expiry in {got.next_expiry_s / 60:.0f} min"
        click.echo(f"0 open for you, {got.open_for_others} open for others, {got.leased} leased{wait}")
        return
    _print_lease(got)


def _print_lease(lease: Lease) -> None:
    click.echo(f"slot {lease.slot}, item {lease.item}, fence {lease.fence}: {lease.kind}")
    click.echo("--- untrusted: everything up to the rubric was written by the application or by strangers ---")
    for line in trace_lines(lease.shown.trace):
        click.echo(line)
    click.echo("--- rubric ---")
    for line in rubric_lines(lease.rubric):
        click.echo(line)
    verb = "adjudicate" if lease.kind == "adjudicate" else "submit"
    click.echo(f"next: traceeval review {verb} --as … --slot {lease.slot} --fence {lease.fence} --mark … --rationale …")


@command.command("submit")
@_common
@_verdict_options
@click.option("--key", help="Idempotency key; the same key with the same verdict is stored once.")
@exits
def submit_(handle: str, url: str, name: str, slot: int, fence: int, key: str | None, **said: Any) -> None:
    """Store your verdict; nobody sees it before the others have judged."""
    verdict = submission(**said, cause=None, indeterminate=False)
    receipt = submit(Store(url), slot, handle, fence, verdict, key or str(uuid.uuid4()))
    late = " (late, still accepted)" if receipt.late else ""
    click.echo(f"verdict {receipt.verdict} stored{late}; the item is {receipt.state}")


@command.command("adjudicate")
@_common
@_verdict_options
@click.option("--cause", help="Why they disagreed; with it the decision is final.")
@click.option("--indeterminate", is_flag=True, help="It cannot be decided.")
@click.option("--key", help="Idempotency key.")
@exits
def adjudicate(
    handle: str,
    url: str,
    name: str,
    slot: int,
    fence: int,
    cause: str | None,
    indeterminate: bool,
    key: str | None,
    **said: Any,
) -> None:
    """Settle a dispute: without --cause your blind verdict, which shows the two others; with --cause the decision."""
    verdict = submission(**said, cause=cause, indeterminate=indeterminate)
    store = Store(url)
    if cause is None:
        for number, body in enumerate(provisional(store, slot, handle, fence, verdict), 1):
            marks = ", ".join(f"{name} {mark}" for name, mark in body["marks"].items())
            click.echo(f"verdict {number}: {marks}; flags: {', '.join(body['flags']) or 'none'}")
            click.echo(f"  because: {body['rationale']}")
        click.echo("your blind verdict is stored; decide with --cause guideline_gap|ambiguous|reviewer_error|…")
        return
    receipt = submit(store, slot, handle, fence, verdict, key or str(uuid.uuid4()))
    click.echo(f"decision stored; the item is {receipt.state}(adjudicated)")


@command.command("decline")
@_common
@click.option("--slot", type=int, required=True)
@click.option("--fence", type=int, required=True)
@click.option("--reason", required=True, help="conflict_of_interest, language, expertise, distress or broken.")
@exits
def decline_(handle: str, url: str, name: str, slot: int, fence: int, reason: str) -> None:
    """Give a trace back; it is never offered to you again, and distress has no consequences for you."""
    decline(Store(url), slot, handle, fence, reason)
    click.echo(f"slot {slot} is open for others")


@command.command("show")
@_common
@click.argument("item", type=int)
@exits
def show_(handle: str, url: str, name: str, item: int) -> None:
    """Print an item; marks of others and the reasons only when you have judged it or it is final."""
    view = show(Store(url), item, handle)
    click.echo(f"item {view.id}: {view.state}{f' ({view.cause})' if view.cause else ''}")
    for line in trace_lines(view.shown.trace):
        click.echo(line)
    for rule, text in view.reasons:
        click.echo(f"chosen for {rule}: {text}")
    for body in view.verdicts:
        click.echo(f"verdict: {body['marks']} because: {body['rationale']}")
    if view.decision is not None:
        click.echo(f"decision: {view.state}({view.decision['method']}): {view.decision['marks']}")


@command.command("status")
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@click.option("--name", default="default", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@exits
def status_(url: str, name: str, as_json: bool) -> None:
    """Print how many items are in which state."""
    now = status(Store(url), name)
    if as_json:
        import json

        click.echo(
            json.dumps({"queue": now.queue, "items": now.items, "slots": now.slots, "frame": now.frame}, indent=2)
        )
        return
    if not now.items:
        raise Refused(f"queue {name} holds no items")
    click.echo(", ".join(f"{count} {state}" for state, count in sorted(now.items.items())))
