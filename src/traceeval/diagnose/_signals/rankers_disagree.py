"""The reranker dropped what the first stage had placed high."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import silent, speaks
from traceeval.model import Component, Sign

NAME, WHOSE = "rankers_disagree", Component.RERANKER


def sign(record: Recorded) -> Sign:
    """Half as strong as the chunk fits the question beside the best there is, when it stood first; a third when second."""
    dropped = [(chunk.place, chunk) for chunk in record.lost("ranked_out") if chunk.place is not None and chunk.text]
    if not dropped:
        return silent(NAME, WHOSE)
    strength, place, met = max(
        ((record.fit(chunk) / (1 + place), -place, record.met(chunk)) for place, chunk in dropped),
        key=lambda found: found[:2],
    )
    text = f"the search placed {met.doc} at {-place}, the reranker dropped it; it meets {met.share:.0%} of the question, the best chunk {record.pool.share:.0%}"
    return speaks(NAME, WHOSE, strength, text, record.quote(met))
