"""What `traceeval review claim` prints of a lease, down to the command that is asked for next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
from click.core import ParameterSource

from traceeval.review import Lease
from traceeval.review.plain import one_line, rubric_lines, trace_lines
from traceeval.review.submission import CAUSES


def asked_for(*names: str) -> Iterator[str]:
    """These options as they were typed: a default or the environment says them again, and may hold a password."""
    context = click.get_current_context()
    for one in context.command.params:
        if one.name in names and context.get_parameter_source(one.name) is ParameterSource.COMMANDLINE:
            yield from (one.opts[0], str(context.params[one.name]))


def lease_lines(lease: Lease, who: list[str], most: int | None) -> Iterator[str]:
    """A lease for the terminal: what to judge, the rubric, and the command that comes next. ``most``: characters of a text."""
    yield f"slot {lease.slot}, item {lease.item}, fence {lease.fence}: {lease.kind}"
    if lease.warnings:
        yield f"warning: this item holds {', '.join(one_line(warning) for warning in lease.warnings)}"
    if lease.shown.other is not None:
        yield "response a; cite its spans as a:SPAN"
    yield from trace_lines(lease.shown.trace, most)
    if lease.shown.other is not None:
        yield "response b; cite its spans as b:SPAN"
        yield from trace_lines(lease.shown.other, most)
    yield "rubric"
    yield from rubric_lines(lease.rubric)
    yield f"next: {shlex.join(['traceeval', 'review', *_next(lease, who)])}"


def _next(lease: Lease, who: list[str]) -> Iterator[str]:
    """The command that is asked of whoever holds a lease, as words; ``…`` is theirs to fill in."""
    alone, adjudicates = lease.stage in ("alone_a", "alone_b"), lease.kind == "adjudicate"
    yield from ("alone", lease.stage[-1]) if alone else ("adjudicate" if adjudicates else "submit",)
    yield from (*who, "--slot", str(lease.slot), "--fence", str(lease.fence))
    if alone or lease.shown.other is None:
        for criterion in lease.rubric.criteria:
            yield from ("--mark", f"{criterion.name}=…")
    else:
        yield from ("--prefer", "a|b|tie|both_bad")
    if not alone:
        yield from ("--rationale", "…")
    if lease.stage == "decide":
        yield from ("--cause", "|".join(CAUSES))
