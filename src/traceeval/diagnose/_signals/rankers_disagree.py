"""The reranker dropped what the first stage had placed high."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import part, silent, speaks
from traceeval.model import Component, Sign

NAME, WHOSE = "rankers_disagree", Component.RERANKER


def sign(record: Recorded) -> Sign:
    """Half of how well the chunk fits the question when it stood first, a third when it stood second, and so on."""
    dropped = [
        (record.fit(chunk) / (1 + chunk.place), -chunk.place, record.met(chunk))
        for chunk in record.lost("ranked_out")
        if chunk.place is not None and chunk.text
    ]
    strength, place, met = max(dropped, key=lambda found: found[:2], default=(0.0, 0, record.pool))
    if strength <= 0:
        return silent(NAME, WHOSE)
    text = f"the search placed {met.doc} at {-place} and the reranker dropped it; it meets {part(met.share)}"
    return speaks(NAME, WHOSE, strength, text, record.quote(met))
