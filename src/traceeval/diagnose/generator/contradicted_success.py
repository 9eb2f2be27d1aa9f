"""ERR-2: the answer claims that something was done which failed, or was never tried."""

from __future__ import annotations

import re
from collections.abc import Iterator

from traceeval.diagnose._calls import entities, executed, result_of, shown
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import action_classes, pattern, tool_classes
from traceeval.graph._speech import DONE
from traceeval.measures.claims import Sentence, claims_of
from traceeval.model import Basis, Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis

CODE = "generator.contradicted_success"
_OWN = re.compile(r"\b(?:i|we)(?:'ve|’ve| have| just| also| already| successfully|\b)", re.IGNORECASE)


@diagnosis(
    CODE,
    severity=5,
    id="ERR-2",
    subsumes=("planner.ignored_error", "generator.unsupported_claim", "tool.missing_call"),
    needs=("effect", "entity"),
)
def contradicted_success(dossier: Dossier) -> Iterator[Finding]:
    """A finished action is claimed whose last attempt on the entity failed; or, in the first person, was never tried.

    Not meant: future and conditional sentences, questions, denials.
    """
    view = dossier.answer
    if view is None or view.answer is None:
        return
    calls = executed(dossier)
    for number, sentence in enumerate(claims_of(view.answer), 1):
        if sentence.skip == "question" or not DONE.search(sentence.text):
            continue
        if pattern("hypothetical").search(sentence.text):
            continue
        failed = _failed_attempt(dossier, calls, sentence)
        if failed is not None:
            yield _finding(dossier, sentence, failed, f"{failed.name} failed", f"c{number}")
        elif _never_tried(dossier, calls, sentence):
            yield _finding(dossier, sentence, None, "no such action was taken", f"c{number}")


def _failed_attempt(dossier: Dossier, calls: tuple[Call, ...], sentence: Sentence) -> Call | None:
    """The last attempt at the claimed kind of action failed, and no attempt on the same entity succeeded."""
    kinds = action_classes(sentence.text)
    tried = [call for call in calls if call.changes is not False and kinds & tool_classes(call.name)]
    named = [call for call in tried if any(id_ in sentence.text.casefold() for id_ in entities(dossier, call))]
    tried = named or tried
    if not tried or tried[-1].ok is not False or any(call.ok for call in tried if _same(dossier, call, tried[-1])):
        return None
    return tried[-1]


def _same(dossier: Dossier, one: Call, other: Call) -> bool:
    mine, theirs = entities(dossier, one), entities(dossier, other)
    return not mine or not theirs or bool(mine & theirs)


def _never_tried(dossier: Dossier, calls: tuple[Call, ...], sentence: Sentence) -> bool:
    """Whether "I have refunded …" is said where a tool for it was at hand, and no call that could have done it was made."""
    kinds = action_classes(sentence.text) - {
        "create",
        "apply",
        "update",
        "send",
        "approve",
        "close",
        "share",
        "exchange",
    }
    if not kinds or not _OWN.search(sentence.text):
        return False
    offered = set(dossier.calls.offered or ()) if dossier.calls is not None else set()
    known = offered | set(dossier.graph.book.declared)
    at_hand = any(kinds & tool_classes(name) for name in known)
    return at_hand and not any(call.changes is not False and kinds & tool_classes(call.name) for call in calls)


def _finding(dossier: Dossier, sentence: Sentence, failed: Call | None, why: str, key: str) -> Finding:
    view = dossier.answer
    span = (view.span if view is not None else None) or dossier.trace.spans[0].id
    evidence = [Evidence(span=span, field="answer", quote=sentence.text, start=sentence.start, end=sentence.end)]
    if failed is not None:
        evidence += [Evidence(span=failed.span, field="call", quote=shown(failed)), result_of(failed)]
    inferred = failed is not None and failed.spec.basis is Basis.INFERRED
    return Finding(
        code=CODE,
        component=Component.GENERATOR,
        severity=5,
        subject=Subject(trace=dossier.trace.id, span=span),
        text=f"the answer claims success, but {why}: {sentence.text}",
        evidence=tuple(evidence),
        basis=Basis.INFERRED if inferred else Basis.OBSERVED,
        confidence=failed.spec.confidence if inferred and failed else 1.0,
    )
