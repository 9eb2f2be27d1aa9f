"""ARG-2: a tool that was not on offer."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, undecided
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import words_of
from traceeval.model import Component, Finding, Generation, Kind
from traceeval.registry import diagnosis

CODE = "tool.unknown_tool"


@diagnosis(CODE, severity=3, id="ARG-2")
def unknown_tool(dossier: Dossier) -> Iterator[Finding]:
    """A call whose name is not among the tools offered at that step, nor, where the step records none, at any step.

    Case, hyphens and a namespace in front do not count. Repaired, severity 1, when a call of an offered tool succeeded
    later in the same turn. Offers not recorded: unknown.
    """
    calls = dossier.graph.calls
    if not calls:
        return
    offers = _offers(dossier)
    if not offers:
        text = "whether the tools that were called were on offer is unknown"
        yield undecided(dossier, CODE, Component.TOOL, 3, text, "generation.tools")
        return
    everywhere = frozenset().union(*offers.values())
    mended = _last_success(calls, offers, everywhere)
    for call in calls:
        if _key(call.name) not in offers.get(call.batch or "", everywhere):
            repaired = mended.get(call.turn, -1) > call.at
            text = f"{call.name} was not among the tools on offer"
            yield about(dossier, CODE, Component.TOOL, 1 if repaired else 3, call, text, repaired=repaired)


def _offers(dossier: Dossier) -> dict[str, frozenset[str]]:
    """Model span -> the names it was offered, where that was recorded."""
    known: dict[int, frozenset[str]] = {}
    found: dict[str, frozenset[str]] = {}
    for span in dossier.graph.of_kind(Kind.MODEL):
        if isinstance(span.body, Generation) and span.body.tools is not None:
            tools = span.body.tools
            if id(tools) not in known:
                known[id(tools)] = frozenset(_key(tool.name) for tool in tools)
            found[span.id] = known[id(tools)]
    return found


def _last_success(
    calls: tuple[Call, ...], offers: dict[str, frozenset[str]], everywhere: frozenset[str]
) -> dict[int, int]:
    """Turn -> position of the last call of an offered tool that succeeded."""
    good = (c for c in calls if c.ok and _key(c.name) in offers.get(c.batch or "", everywhere))
    found: dict[int, int] = {}
    for call in good:
        found[call.turn] = max(call.at, found.get(call.turn, -1))
    return found


def _key(name: str) -> str:
    return "_".join(words_of(name)) or name
