"""A chunk that meets the question better than any that was kept did not survive the ranking."""

from __future__ import annotations

from traceeval.diagnose._recorded import LOST, Recorded
from traceeval.diagnose._signals._sign import speaks, unknown
from traceeval.model import Component, Sign

NAME = "ranked_out"


def sign(record: Recorded) -> Sign:
    """As strong as what the ranking lost of the question; the first stage's own where no reranker ran."""
    whose = Component.RERANKER if record.reranked else Component.RETRIEVER
    if not record.texts_told:
        return unknown(NAME, whose, "the texts of the retrieved documents were not recorded whole")
    best, kept = record.pool, record.ranked
    if best.chunk is None or best.share <= kept.share:
        return speaks(NAME, whose, 0.0, "")
    text = f"{best.doc} meets {best.share:.0%} of the question and was ranked out; the best that was kept, {kept.doc or 'none'}, {kept.share:.0%}"
    return speaks(NAME, LOST.get(best.chunk.fate, whose), best.share - kept.share, text, record.quote(best))
