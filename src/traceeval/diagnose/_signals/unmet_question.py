"""What the question asks for stands in nothing that was retrieved."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import named, speaks, unknown
from traceeval.model import Component, Sign

NAME, WHOSE = "unmet_question", Component.RETRIEVER


def sign(record: Recorded) -> Sign:
    """As strong as the share of the question that the best chunk of the pool leaves unmet.

    It cannot tell a document that was missed from one that the corpus never had.
    """
    if not record.pool_told:
        return unknown(NAME, WHOSE, "what was retrieved was not recorded")
    if not record.texts_told:
        return unknown(NAME, WHOSE, "the texts of the retrieved documents were not recorded whole")
    if not record.chunks:
        return speaks(NAME, WHOSE, 1.0, "nothing was retrieved", record.found_by())
    best = record.pool
    nowhere = record.need.missing_in(*(chunk.text for chunk in record.chunks))
    told = f"; {named(nowhere)} in none of them" if nowhere else ""
    text = f"of {len(record.chunks)} retrieved chunks the best, {best.doc}, meets {best.share:.0%} of the question{told}"
    return speaks(NAME, WHOSE, 1 - best.share, text, record.quote(best))
