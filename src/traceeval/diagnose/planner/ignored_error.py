"""ERR-1: an error nobody dealt with."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, entities, executed, result_of
from traceeval.diagnose._recovery import Recovery
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import pattern
from traceeval.model import Basis, Component, Finding, Generation, Kind, text_of
from traceeval.registry import diagnosis

CODE = "planner.ignored_error"


@diagnosis(CODE, severity=4, id="ERR-1", needs=("entity", "error_when"))
def ignored_error(dossier: Dossier) -> Iterator[Finding]:
    """A call failed, no later call of its kind succeeded on the entity, and nobody told the user.

    Calling again is not recovery unless it succeeds. One finding an entity: the last failed attempt.
    """
    calls = executed(dossier)
    pending: dict[tuple[str, frozenset[str]], Call] = {}
    for call in calls:
        if call.ok is False and not call.spec.optional:
            pending[call.name, entities(dossier, call)] = call
    if not pending:
        return
    recovery, admitted = Recovery(dossier, calls), _last_admission(dossier)
    for call in pending.values():
        if not recovery.recovered(call) and admitted <= call.at:
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


def _last_admission(dossier: Dossier) -> float:
    """Position of the last thing the assistant said to the user that admits a failure; before all when none does."""
    words = pattern("acknowledgement")
    if words.search(text_of(dossier.trace.answer) or ""):
        return float("inf")
    for span in reversed(dossier.graph.of_kind(Kind.MODEL)):
        if isinstance(span.body, Generation) and span.body.output is not None:
            text = text_of(span.body.output.content)
            if text and not span.body.output.tool_calls and words.search(text):
                return span.seq
    return float("-inf")
