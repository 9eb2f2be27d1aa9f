"""The chunk that fits the question stands in the prompt without its end."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import silent, speaks, unknown
from traceeval.model import Component, Evidence, Sign

NAME, WHOSE = "cut_short", Component.ASSEMBLER


def sign(record: Recorded) -> Sign:
    """As strong as the share of its text that is gone, times how well it fits beside the best chunk there is."""
    if record.passages is None:
        return unknown(NAME, WHOSE, "the prompt was not recorded whole")
    cut = [
        (record.fit(chunk) * (1 - len(chunk.left) / len(chunk.text)), chunk.doc, chunk) for chunk in record.lost("cut")
    ]
    if not cut:
        return silent(NAME, WHOSE)
    strength, doc, chunk = max(cut, key=lambda found: found[:2])
    text = f"{doc} was cut after {len(chunk.left):,} of {len(chunk.text):,} characters"
    gone = Evidence(span=chunk.span or record.first_span, field=doc, quote=chunk.text[len(chunk.left) :].lstrip())
    return speaks(NAME, WHOSE, strength, text, gone)
