"""ERR-1: an error nobody dealt with."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, entities, executed, result_of
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import pattern, tool_classes
from traceeval.model import Basis, Component, Finding, Generation, text_of
from traceeval.registry import diagnosis

CODE = "planner.ignored_error"


@diagnosis(CODE, severity=4, id="ERR-1", maps={"mast": "3.2"}, needs=("entity", "error_when"))
def ignored_error(dossier: Dossier) -> Iterator[Finding]:
    """A call failed, no later call of its kind succeeded on the entity, and nobody told the user.

    Calling again is not recovery unless it succeeds. One finding an entity: the last failed attempt.
    """
    calls = executed(dossier)
    pending: dict[tuple[str, frozenset[str]], Call] = {}
    for call in calls:
        if call.ok is False and not call.spec.optional:
            pending[call.name, entities(dossier, call)] = call
    for call in pending.values():
        if not _recovered(dossier, calls, call) and not _told(dossier, call):
            yield about(
                dossier,
                CODE,
                Component.PLANNER,
                4,
                call,
                f"{call.name} failed and the failure was ignored",
                result_of(call),
                inferred=call.spec.basis is Basis.INFERRED
                and call.spec.error_when is None
                and dossier.graph.spans[call.span].error is None,
            )


def _recovered(dossier: Dossier, calls: tuple[Call, ...], failed: Call) -> bool:
    """A later call of the same tool, or of another with the same kind of action or effect, succeeded on the entity."""
    ids, kinds = entities(dossier, failed), tool_classes(failed.name)
    for call in calls:
        if call.at <= failed.at or call.ok is not True:
            continue
        if call.name == failed.name and (_overlap(ids, entities(dossier, call)) or _corrected(failed, call)):
            return True
        alike = bool(kinds & tool_classes(call.name)) if failed.changes else call.changes is False
        if call.name != failed.name and alike and _overlap(ids, entities(dossier, call)):
            return True
    return False


def _overlap(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


def _corrected(failed: Call, later: Call) -> bool:
    """The same tool in the same turn with another id: the agent corrected what it had got wrong."""
    return later.turn == failed.turn and later.arguments != failed.arguments


def _told(dossier: Dossier, failed: Call) -> bool:
    """Something the assistant said to the user after the failure admits it."""
    words = pattern("acknowledgement")
    for span in dossier.graph.steps:
        if span.seq > failed.at and isinstance(span.body, Generation) and span.body.output is not None:
            text = text_of(span.body.output.content)
            if text and not span.body.output.tool_calls and words.search(text):
                return True
    return bool(words.search(text_of(dossier.trace.answer) or ""))
