"""What the question asks for stands in nothing that was retrieved."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import POOL, TEXTS, named, part, silent, speaks, unknown
from traceeval.model import Component, Sign

NAME, WHOSE = "unmet_question", Component.RETRIEVER


def sign(record: Recorded) -> Sign:
    """As strong as the share of the question that the best chunk of the pool leaves unmet.

    It cannot tell a document that was missed from one that the corpus never had, nor from one in other words.
    """
    if not record.pool_told:
        return unknown(NAME, WHOSE, POOL)
    if not record.texts_told:
        return unknown(NAME, WHOSE, TEXTS)
    if not record.chunks:
        return speaks(NAME, WHOSE, 1.0, "nothing was retrieved", record.search())
    best = record.pool
    if best.share >= 1:
        return silent(NAME, WHOSE)
    nowhere = record.need.missing_in(*(chunk.text for chunk in record.chunks))
    told = f"; {named(nowhere)} in none" if nowhere else ""
    text = f"the best of {len(record.chunks)} retrieved chunks, {best.doc}, meets {part(best.share)}{told}"
    return speaks(NAME, WHOSE, 1 - best.share, text, record.quote(best))
