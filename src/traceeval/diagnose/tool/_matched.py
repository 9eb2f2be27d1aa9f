"""Findings of the calls that differ from what was expected: one for each call of a class."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about
from traceeval.graph import Dossier
from traceeval.graph._arguments import Argument
from traceeval.graph._matching import Classed, Kind, Match
from traceeval.graph._matching import match_of as match_of_view
from traceeval.model import Component, Evidence, Finding


def match_of(dossier: Dossier) -> Match | None:
    """The match of the trajectory; None where there is none. Shared with the scores, which say why."""
    found = match_of_view(dossier.calls) if dossier.calls is not None else None
    return found if isinstance(found, Match) else None


def wrong_arguments(dossier: Dossier, code: str, kind: Kind) -> Iterator[Finding]:
    """A finding for every call of the class: which argument, what it was, what was expected.

    Severity 4 when the call changed the world, 3 otherwise; 2 for a type that would be right after coercion.
    """
    match = match_of(dossier)
    for one in match.calls if match is not None else ():
        if one.kind != kind or one.comparison is None:
            continue
        argument = next((a for a in one.comparison.arguments if a.wrong == kind), None)
        severity = 2 if argument is not None and argument.coercible else 4 if one.call.changes else 3
        yield about(dossier, code, Component.TOOL, severity, one.call, _text(one, argument), *_evidence(one, argument))


def _text(one: Classed, argument: Argument | None) -> str:
    if argument is None:
        return f"{one.call.name}: {one.kind}"
    note = " (coercible)" if argument.coercible else ""
    return f"{one.call.name}: {argument.path} is {argument.actual!r}, expected {argument.expected!r}{note}"


def _evidence(one: Classed, argument: Argument | None) -> tuple[Evidence, ...]:
    if argument is None:
        return ()
    return (Evidence(span=one.call.span, field=f"arguments.{argument.path}", quote=str(argument.actual)[:200]),)
