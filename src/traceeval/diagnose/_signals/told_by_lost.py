"""The answer claims what nothing in the prompt supports, and a chunk that was lost on the way does."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest

from traceeval.diagnose._recorded import LOST, Recorded
from traceeval.diagnose._signals._sign import PROMPT, silent, speaks, unknown
from traceeval.graph import ChunkFate
from traceeval.measures.support import Context, claim_support, features_of, page_of
from traceeval.measures.tokens import tokenise
from traceeval.model import ClaimVerdict, Component, Sign

NAME, OFTEN = "told_by_lost", Component.RERANKER
_LIKELY = 3  # lost chunks that share most words with a claim: only they are compared with it in full


def sign(record: Recorded) -> Sign:
    """As strong as the support that the lost chunk adds: the answer came from memory, and would have had a basis."""
    if record.passages is None:
        return unknown(NAME, OFTEN, PROMPT)
    best = max(_supports(record), key=lambda found: found[0], default=None)
    if best is None or best[0] <= 0:
        return silent(NAME, OFTEN)
    strength, verdict, chunk = best
    text = f"{chunk.doc} supports what the answer claims and did not reach the model whole ({chunk.fate.replace('_', ' ')})"
    evidence = record.claim_words(verdict), record.quote(record.met(chunk))
    return speaks(NAME, LOST[chunk.fate], strength, text, *evidence)


def _supports(record: Recorded) -> Iterator[tuple[float, ClaimVerdict, ChunkFate]]:
    lost = tuple(record.lost(*LOST))
    for verdict in record.baseless:
        claim = tokenise(verdict.claim.text)
        content = frozenset(claim.content)
        for chunk in nlargest(_LIKELY, lost, key=lambda chunk: len(content & page_of(chunk.text).stems)):
            found = features_of(claim, verdict.claim.text, Context([chunk.text]))
            yield claim_support(found) - (verdict.p or 0.0), verdict, chunk
