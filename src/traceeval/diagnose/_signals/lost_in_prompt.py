"""A chunk that the ranking kept meets the question better than anything that stood in the prompt."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import PROMPT, TEXTS, part, silent, speaks, unknown
from traceeval.model import Component, Sign

NAME, WHOSE = "lost_in_prompt", Component.ASSEMBLER


def sign(record: Recorded) -> Sign:
    """As strong as what was lost of the question between ranking and prompt."""
    if record.passages is None:
        return unknown(NAME, WHOSE, PROMPT)
    if not record.texts_told:
        return unknown(NAME, WHOSE, TEXTS)
    best, sent = record.ranked, record.prompt
    if best.chunk is None or best.share <= sent.share:
        return silent(NAME, WHOSE)
    how = "was cut in the prompt" if best.chunk.fate == "cut" else "did not reach the prompt"
    text = f"{best.doc} meets {part(best.share)} and {how}; the best that stood there meets {part(sent.share)}"
    return speaks(NAME, WHOSE, best.share - sent.share, text, record.quote(best))
