"""A claim that follows its source almost word for word, and turns it round."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.graph import Dossier
from traceeval.model import ClaimVerdict, Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis

_SEVERITY = {"negation": 5, "antonym": 5, "hedge": 4, "quantifier": 4, "number": 4, "date": 4, "entity": 4, "role": 4}


@diagnosis(
    "generator.flipped_qualifier",
    severity=5,
    subsumes=("generator.unsupported_claim", "generator.dropped_qualifier"),
)
def flipped_qualifier(dossier: Dossier) -> Iterator[Finding]:
    """A negation, antonym, number, date, name, hedge or quantifier differs from the sentence the claim comes from.

    A turned negation or antonym is severity 5, the others 4. A value that stands nowhere in the prompt is an invented
    one (``generator.unsupported_claim``), not a flip. A person decides: the machine only shows both wordings.
    """
    checked, view = dossier.checked, dossier.answer
    if checked is None or view is None:
        return
    for verdict in checked.verdicts:
        if not verdict.diffs or any(value[:1].isdigit() for value in verdict.missing):
            continue
        first = min(verdict.diffs, key=lambda diff: -_SEVERITY[diff.veto])
        yield Finding(
            code="generator.flipped_qualifier",
            component=Component.GENERATOR,
            severity=_SEVERITY[first.veto],
            key=verdict.claim.id,
            subject=Subject(trace=dossier.trace.id, span=view.span),
            text=f"{first.veto}: the answer says {first.claim or 'nothing'!r} where the source says "
            f"{first.source or 'nothing'!r}: {verdict.claim.text}",
            evidence=tuple(_evidence(dossier, verdict)),
            confidence=0.5,
        )


def _evidence(dossier: Dossier, verdict: ClaimVerdict) -> Iterator[Evidence]:
    view, claim = dossier.answer, verdict.claim
    span = (view.span if view is not None else None) or dossier.trace.spans[0].id
    yield Evidence(span=span, field="answer", quote=claim.text, start=claim.span[0], end=claim.span[1])
    passages = {passage.id: passage for passage in (view.passages if view is not None else None) or ()}
    for edge in verdict.edges[:1]:
        source = passages.get(edge.passage)
        if source is not None and source.span is not None:
            yield Evidence(span=source.span, field=source.id, quote=edge.quote, start=edge.span[0], end=edge.span[1])
