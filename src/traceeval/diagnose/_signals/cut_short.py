"""The chunk that fits the question stands in the prompt without its end."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import PROMPT, silent, speaks, unknown
from traceeval.model import Component, Sign

NAME, WHOSE = "cut_short", Component.ASSEMBLER


def sign(record: Recorded) -> Sign:
    """As strong as the share of its text that is gone, times how well it fits the question."""
    if record.passages is None:
        return unknown(NAME, WHOSE, PROMPT)
    cut = [
        (record.fit(chunk) * (1 - len(chunk.left) / len(chunk.text)), chunk.doc, chunk) for chunk in record.lost("cut")
    ]
    if not cut:
        return silent(NAME, WHOSE)
    strength, doc, chunk = max(cut, key=lambda found: found[:2])
    gone = chunk.text[len(chunk.left) :].lstrip()
    text = f"{doc} was cut in the prompt after {len(chunk.left):,} of {len(chunk.text):,} characters"
    return speaks(NAME, WHOSE, strength, text, record.lost_words(chunk, gone)) if strength > 0 else silent(NAME, WHOSE)
