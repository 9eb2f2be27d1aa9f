"""A chunk that meets the question better than any that was kept did not survive the ranking."""

from __future__ import annotations

from traceeval.diagnose._recorded import LOST, Recorded
from traceeval.diagnose._signals._sign import TEXTS, part, silent, speaks, unknown
from traceeval.model import Component, Sign

NAME = "ranked_out"


def sign(record: Recorded) -> Sign:
    """As strong as what the ranking lost of the question; the first stage's own where no reranker ran."""
    whose = Component.RERANKER if record.reranked else Component.RETRIEVER
    if not record.texts_told:
        return unknown(NAME, whose, TEXTS)
    best, kept = record.pool, record.ranked
    if best.chunk is None or best.share <= kept.share:
        return silent(NAME, whose)
    text = f"{best.doc} meets {part(best.share)} and was ranked out; the best that was kept, {kept.doc or 'none'}, {part(kept.share)}"
    return speaks(NAME, LOST.get(best.chunk.fate, whose), best.share - kept.share, text, record.quote(best))
