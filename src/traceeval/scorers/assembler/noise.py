"""How much of the prompt's context was beside the point."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer


@scorer("assembler.noise", better="lower", needs=("reference.documents",))
def noise(view: StagesView) -> Reading:
    """Words of judged non-relevant chunks over the words of all chunks in the prompt actually sent. Source: ours.

    Unjudged words are neither; ``why`` gives their share. Undefined when no chunk was sent.
    """
    if view.qrels is None:
        return Reading.not_applicable("no_reference: no graded documents")
    if view.packed is None or view.tokens is None:
        return Reading.failed("missing_evidence: the prompt was not recorded", span=view.span)
    total = sum(view.tokens.values())
    if not view.packed:
        return Reading.undefined("no_chunk: no chunk was sent", span=view.span)
    if not total:
        return Reading.failed("missing_evidence: no text of a chunk was recorded", span=view.span)
    unjudged = sum(words for doc, words in view.tokens.items() if doc not in view.qrels)
    noisy = sum(words for doc, words in view.tokens.items() if view.qrels.get(doc, view.rel_level) < view.rel_level)
    return Reading.scored(
        noisy / total, span=view.span, units=len(view.packed), why=f"unjudged: {unjudged / total:.3f} of the words"
    )
