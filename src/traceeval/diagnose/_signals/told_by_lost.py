"""The answer claims what nothing in the prompt supports, and a chunk that was lost on the way does."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._recorded import LOST, Recorded
from traceeval.diagnose._signals._sign import speaks, unknown
from traceeval.graph import ChunkFate
from traceeval.measures.support import Context, claim_support, features_of
from traceeval.measures.tokens import tokenise
from traceeval.model import ClaimVerdict, Component, Sign

NAME = "told_by_lost"


def sign(record: Recorded) -> Sign:
    """As strong as the support a lost chunk adds: the answer is right from memory, or would have been better founded."""
    if record.passages is None:
        return unknown(NAME, Component.ASSEMBLER, "the prompt was not recorded whole")
    best = max(_supports(record), key=lambda found: found[0], default=None)
    if best is None or best[0] <= 0:
        return speaks(NAME, Component.RERANKER, 0.0, "")
    strength, verdict, chunk = best
    text = f"{chunk.doc} supports what the answer claims and did not reach the model ({chunk.fate.replace('_', ' ')})"
    evidence = record.said_so(verdict.claim.text), record.quote(record.met(chunk))
    return speaks(NAME, LOST[chunk.fate], strength, text, *evidence)


def _supports(record: Recorded) -> Iterator[tuple[float, ClaimVerdict, ChunkFate]]:
    for chunk in record.lost(*LOST):
        context = Context([chunk.text])
        for verdict in record.baseless:
            found = features_of(tokenise(verdict.claim.text), verdict.claim.text, context)
            yield claim_support(found) - (verdict.p or 0.0), verdict, chunk
