"""A condition or hedge of a used sentence that no claim of the answer keeps."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.graph import Dossier
from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("generator.dropped_qualifier", severity=2)
def dropped_qualifier(dossier: Dossier) -> Iterator[Finding]:
    """Negations, hedges and conditions left off: what remains may be true, and mislead. Precision about .6: look.

    One finding a claim, severity 2: measured, four in ten are harmless.
    """
    checked, view = dossier.checked, dossier.answer
    if checked is None or view is None or not view.complete:
        return
    ids = {verdict.claim.text: verdict.claim.id for verdict in checked.verdicts}
    seen: set[str] = set()
    for diff in checked.dropped:
        if diff.claim in seen:
            continue
        seen.add(diff.claim)
        word, _, sentence = diff.source.partition(": ")
        yield Finding(
            code="generator.dropped_qualifier",
            component=Component.GENERATOR,
            severity=2,
            confidence=0.6,
            key=ids.get(diff.claim, ""),
            subject=Subject(trace=dossier.trace.id, span=view.span),
            text=f"the answer leaves out {word!r} of: {sentence}",
            evidence=(Evidence(span=view.span or dossier.trace.spans[0].id, field="answer", quote=diff.claim),),
        )
